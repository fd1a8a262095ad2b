"""What an invoice says, taken down once: ``Invoice.printed`` (05-INV-05, REP-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from accounts.models import Account
from catalog.rules.pricing import EXACT
from metering.choices import BillType
from partner_center import clock

from ..choices import TaxKind
from ..models import Bill, BillTax, Invoice, InvoiceInfo, TopUpAccount
from ..rules import invoices as rules
from . import funds

ZERO = Decimal(0)


def printed_of(invoice: Invoice, moment: datetime) -> dict[str, Any]:
    """Everything that the invoice says, as plain JSON: amounts are texts of exact USD, days ISO 8601
    in GMT+08:00. What changes later (address, top-up account, rate) does not change it.
    """
    bill = invoice.bill
    entity = funds.account_of(bill.account_id).signing_entity
    account = funds.top_up_of(entity, bill.currency, moment)
    replaced = invoice.replaces
    return {
        "seller": _seller(entity, account),
        "buyer": _buyer(bill.account),
        "content": invoice.content,
        "period": rules.period(bill.cycle),
        "bill": bill.number,
        "issued": clock.business_date(invoice.created_at).isoformat(),
        "due": clock.business_date(bill.due_at).isoformat(),
        "term_days": (bill.due_at - bill.issued_at).days,
        "replaces": replaced.number if replaced else "",
        "lines": _lines(bill),
        **_totals(bill),
        "pay_to": _pay_to(account),
    }


def _seller(entity: str, account: TopUpAccount | None) -> dict[str, Any]:
    """Whom the partner has signed with, at the address of its top-up account; often the operator."""
    operator = Account.objects.filter(is_operator=True).order_by("pk").first()
    own = _party(operator) if operator else {"name": "", "address": [], "tax_id": ""}
    if entity in ("", own["name"]):
        return own
    address = [account.address] if account else own["address"]
    return {"name": entity, "address": address, "tax_id": own["tax_id"]}


def _buyer(partner: Account) -> dict[str, Any]:
    """The partner; its invoice information goes before the address of its registration."""
    info = InvoiceInfo.objects.filter(account=partner).exclude(address="").first()
    return _party(partner) | ({"address": info.address.splitlines()} if info else {})


def _party(account: Account) -> dict[str, Any]:
    country = str((account.service_country or account.country).name)
    town = " ".join(filter(None, [account.postal_code, account.city]))
    state = account.state if account.state != account.city else ""
    lines = [account.address_line1, account.address_line2, town, state, country]
    return {"name": account.title, "address": [*filter(None, lines)], "tax_id": account.tax_id}


def _lines(bill: Bill) -> list[dict[str, str]]:
    """The bill by product: never a line a charge, however large the bill is."""
    spent = Q(bill_type=BillType.EXPENDITURE)
    rows = bill.sums.values("service_type__name").order_by("service_type__name")
    found = rows.annotate(
        expenditures=Sum("settled", filter=spent),
        others=Sum("settled", filter=~spent),
        total=Sum("settled"),
    )
    return [
        {
            "product": row["service_type__name"],
            **{name: _text(row[name]) for name in ("expenditures", "others", "total")},
        }
        for row in found
    ]


def _totals(bill: Bill) -> dict[str, Any]:
    taxes = list(bill.taxes.order_by("kind", "percent"))
    added = [tax for tax in taxes if tax.kind != TaxKind.WHT]
    withheld = [tax for tax in taxes if tax.kind == TaxKind.WHT]
    names = ("coupons", "exact_total", "total", "withheld", "credit_used", "amount_due")
    return {
        "settlement": _text(bill.settlement),
        "before_tax": _text(EXACT.subtract(bill.settlement, bill.coupons)),
        "taxes": _taxes(added),
        "withheld_taxes": _taxes(withheld),
        **{name: _text(getattr(bill, name)) for name in names},
        "currency": bill.currency,
        "rate": _text(bill.rate),
        "currency_amount": _text(bill.currency_amount),
    }


def _taxes(taxes: Iterable[BillTax]) -> list[dict[str, str]]:
    return [
        {
            "kind": str(tax.get_kind_display()),
            "percent": _text(tax.percent),
            "base": _text(tax.base),
            "amount": _text(tax.amount),
        }
        for tax in taxes
    ]


def _pay_to(account: TopUpAccount | None) -> dict[str, str] | None:
    names = ("payee", "address", "currency", "bank", "bank_account", "swift_code")
    return {name: getattr(account, name) for name in names} if account else None


def _text(value: Decimal | None) -> str:
    """Exact, without trailing zeros."""
    text = format(value if value is not None else ZERO, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
