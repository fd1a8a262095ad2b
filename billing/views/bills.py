"""Sales > Financial Information > Partner Bills, tab Bills (05 §8.4.1.4, 06 §9.2.4.1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.money import places_of, round_due
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..choices import InvoiceState, TaxKind
from ..permissions import PAY_BILLS, VIEW_BILLS, VIEW_INVOICES
from ..queries import bills as queries
from ..queries import by_customer, due, notes, products, reach
from ..queries.bills import Month, Totals
from ..queries.by_customer import Asked
from ..rules import periods, trees
from ..rules.explaining import tax_words
from ..rules.trees import Group, Level
from ..services import notes as note_service
from .tabs import tabs, url_if_exists

AUDIENCES = frozenset({Audience.PARTNER})
TAPE = 12
#: The page note that a user may put away for good (05-BQY-02).
OWN_NOTE = "own-bills"


class BillsView(PortalView):
    """One month, as issued or as estimated: by product or by customer."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month that was asked for, else the running one."""
        moment = clock.now()
        cycle = read_cycle(request, moment)
        month = queries.get_month(self.actor, cycle)
        cloud = products.cloud(self.actor, month)
        market = products.marketplace(self.actor, month)
        by = request.GET.get("by", "")
        context = {
            "title": _("Partner Bills"),
            "tabs": tabs("billing:bills"),
            "shows_note": not notes.is_dismissed(self.actor, OWN_NOTE),
            "panel": self._panel(moment),
            "month": month,
            **self._tape(cycle, moment),
            **self._figures(month, queries.totals([*cloud, *market]), moment),
            "kinds": self._kinds(by),
            "by": by,
            "issue": periods.issue_from(cycle),
            "is_distributor": self.actor.partner_kind == PartnerKind.DISTRIBUTOR,
        }
        context |= self._customers(month) if by else _blocks(month, cloud, market, request)
        return render(request, "billing/bills/month.html", context)

    def _panel(self, moment: datetime) -> dict[str, Any]:
        """The Amount Due panel (05-BQY-03, BQY-04)."""
        return {
            "due": due.amount_due(self.actor, moment),
            "repay": url_if_exists("billing:repay") if self.actor.can(PAY_BILLS) else "",
            "records": url_if_exists("billing:statements"),
        }

    def _tape(self, cycle: BillingCycle, moment: datetime) -> dict[str, Any]:
        listed = queries.months(self.actor, moment)
        place = next((i for i, row in enumerate(listed) if row.cycle == str(cycle)), 0)
        first = max(min(place - TAPE // 2, len(listed) - TAPE), 0)
        first = 0 if place < TAPE else first
        by = self.request.GET.get("by", "")
        return {
            "cycles": [row.cycle for row in listed],
            "tape": [
                {
                    "cycle": row.cycle,
                    "amount": row.amount,
                    "state": row.state,
                    "estimate": row.is_estimate,
                    "current": row.cycle == str(cycle),
                    "url": address(cycle=row.cycle, by=by),
                }
                for row in listed[first : first + TAPE]
            ],
            "state": listed[place].state,
        }

    def _figures(self, month: Month, totals: Totals, moment: datetime) -> dict[str, Any]:
        bill = month.bill
        taxes = queries.taxes_of(bill) if bill else []
        exact = bill.exact_total if bill else totals.settlement
        amount = min(bill.total, bill.amount_due) if bill else round_due(exact)
        return {
            "exact": exact,
            "amount": amount,
            "due": bill.amount_due if bill else max(amount, Decimal(0)),
            "in_currency": queries.in_currency(self.actor, month, amount, moment),
            "terms": _terms(month, totals, [tax for tax in taxes if tax.kind != TaxKind.WHT]),
            "reductions": _reductions(bill, taxes) if bill else [],
            "taxes": _components(taxes),
            "invoices": [
                (row.number, self._download(row), _unusual(row))
                for row in (queries.invoices_of(bill) if bill else [])
            ],
        }

    def _download(self, invoice: Any) -> str:
        """Where the invoice is downloaded (05-BQY-10); nothing while its file is being made."""
        if invoice.state == InvoiceState.PENDING or not self.actor.can(VIEW_INVOICES):
            return ""
        return url_if_exists("billing:invoice-download", invoice.pk)

    def _kinds(self, by: str) -> list[dict[str, Any]]:
        labels = {"": _("By Product"), "customer": _("By Customer")}
        if self.actor.partner_kind == PartnerKind.DISTRIBUTOR:
            labels["reseller"] = _("By Reseller")
        cycle = self.request.GET.get("cycle", "")
        return [
            {"label": label, "url": address(cycle=cycle, by=key), "current": by == key}
            for key, label in labels.items()
        ]

    def _customers(self, month: Month) -> dict[str, Any]:
        asked = Asked(
            name=self.request.GET.get("q", "")[:100].strip(),
            reseller=self.request.GET.get("reseller", "")[:64],
            by_reseller=self.request.GET.get("by") == "reseller",
        )
        page = by_customer.parties(self.actor, month, asked, self.request.GET.get("page"))
        has_resellers = self.actor.partner_kind == PartnerKind.DISTRIBUTOR
        return {
            "asked": asked,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "parties": [(party, *self._links(month, asked, party)) for party in page],
            "resellers": by_customer.resellers(self.actor, month) if has_resellers else [],
        }

    def _links(
        self, month: Month, asked: Asked, party: by_customer.Party
    ) -> tuple[str, str, list[tuple[by_customer.ProductRow, str]]]:
        """Where a table leads: View More, and what explains its total and each of its rows."""
        cycle, details = str(month.cycle), url_if_exists("billing:details")
        who = {"customer": party.public_id, "reseller": asked.reseller}
        query = urlencode({"cycle": cycle, "customer": party.public_id})
        more = f"{details}?{query}" if details else ""
        if asked.by_reseller:
            who = {"reseller": party.public_id}
            more = address(cycle=cycle, by="customer", **who)
        explained = sum_address(cycle=cycle, **who)
        rows = [
            (row, sum_address(cycle=cycle, **who, **row.key) if row.key else "")
            for row in party.rows
        ]
        return more or explained, explained, rows


class UnpaidBillsView(PortalView):
    """The dialog Unpaid Bills (05-BQY-04, REP-11)."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is to be paid, the oldest first."""
        moment = clock.now()
        rows = due.unpaid_bills(self.actor, moment)
        context = {
            "title": _("Unpaid Bills"),
            "rows": rows,
            "total": due.amount_due(self.actor, moment).total,
            "repay": url_if_exists("billing:repay") if self.actor.can(PAY_BILLS) else "",
            "cancel_url": reverse("billing:bills"),
            "wide": True,
        }
        return render(request, "billing/bills/unpaid.html", context)


class CalculationView(PortalView):
    """The bill calculation method, in plain words with worked examples (05-BFD-03)."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page."""
        reach.require(self.actor, VIEW_BILLS)
        context = {
            "title": _("Bill calculation method"),
            "cancel_url": reverse("billing:bills"),
            "wide": True,
        }
        return render(request, "billing/bills/calculation.html", context)


class DismissNoteView(PortalView):
    """The × of the page note: it stays away for this user (05-BQY-02)."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember it and go back to the month."""
        note_service.dismiss(self.actor, OWN_NOTE)
        return redirect(address(cycle=str(read_cycle(request, clock.now()))))


def read_cycle(request: HttpRequest, moment: datetime) -> BillingCycle:
    """The cycle of the address; the running one when it names none, or one to come."""
    running = BillingCycle.of(moment)
    try:
        return min(BillingCycle.parse(request.GET.get("cycle", "")), running)
    except ValueError:
        return running


def address(**asked: str) -> str:
    """Address of the tab Bills."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('billing:bills')}?{query}" if query else reverse("billing:bills")


def sum_address(**key: object) -> str:
    """Address of the explanation of the lines with this key."""
    query = urlencode({name: value for name, value in key.items() if value not in (None, "")})
    return f"{reverse('billing:sum')}?{query}"


def _terms(month: Month, totals: Totals, taxes: Sequence[Any]) -> list[dict[str, Any]]:
    """The bill equation: expenditures + refunds + adjustments − coupons + tax."""
    cycle = str(month.cycle)

    def term(label: str, amount: Decimal, sign: str, url: str) -> dict[str, Any]:
        return {"label": label, "amount": amount, "sign": sign, "url": url}

    def of_type(kind: str) -> str:
        return sum_address(cycle=cycle, bill_type=kind) if kind in totals.types else ""

    found = [
        term(_("Expenditures"), totals.expenditures, "", of_type("expenditure")),
        term(_("Refunds"), totals.refunds, "+", of_type("refund")),
    ]
    if totals.has_adjustments:
        found.append(term(_("Adjustments"), totals.adjustments, "+", of_type("adjustment")))
    if month.bill is None:
        return found
    label = tax_words(taxes[0].kind, taxes[0].percent) if len(taxes) == 1 else _("Tax")
    explained = f"{reverse('billing:bill')}?{urlencode({'cycle': cycle})}"
    return [
        *found,
        term(_("Coupons used"), month.bill.coupons, "−", explained),
        term(label, month.bill.tax, "+", explained),
    ]


def _components(taxes: Sequence[Any]) -> list[tuple[str, Decimal]]:
    """The taxes by name, where the equation cannot name the only one."""
    if len(taxes) < 2:
        return []
    return [(tax_words(tax.kind, tax.percent), tax.amount) for tax in taxes]


def _reductions(bill: Any, taxes: Sequence[Any]) -> list[dict[str, Any]]:
    """Why less is due than the bill comes to; empty where the two are one."""
    terms = []
    if bill.withheld:
        rates = [tax_words(tax.kind, tax.percent) for tax in taxes if tax.kind == TaxKind.WHT]
        label = _("Withheld by you: %(rates)s") % {"rates": ", ".join(rates)}
        terms.append({"label": label, "amount": bill.withheld, "sign": "−"})
    if bill.credit_used:
        label = _("Credit of earlier bills")
        terms.append({"label": label, "amount": bill.credit_used, "sign": "−"})
    if bill.total < 0:
        label = _("Credit for your next bills")
        terms.append({"label": label, "amount": bill.total.copy_negate(), "sign": "+"})
    total = {"label": _("Bill total"), "amount": bill.total, "sign": ""}
    return [total, *terms] if terms else []


def _blocks(
    month: Month, cloud: Sequence[Group], market: Sequence[Group], request: HttpRequest
) -> dict[str, Any]:
    """The two summaries of the tab By Product, of all regions or of one (05-BQY-11)."""
    regions = sorted({(g.region, g.region_code) for g in (*cloud, *market) if g.region_code})
    asked = request.GET.get("region", "")
    chosen = asked if asked in {code for _name, code in regions} else ""
    key = {"cycle": str(month.cycle), "region": chosen}
    first = _block(key | {"market": "cloud"}, _in(cloud, chosen), trees.CLOUD)
    second = _block(key | {"market": "marketplace"}, _in(market, chosen), trees.MARKETPLACE)
    return {
        "regions": regions,
        "region": chosen,
        "blocks": [
            first | {"title": _("HUAWEI CLOUD Expenditure Summary")},
            second | {"title": _("Marketplace Expenditure Summary")},
        ],
    }


def _in(groups: Sequence[Group], region: str) -> list[Group]:
    return [group for group in groups if not region or group.region_code == region]


def _block(key: dict[str, str], shown: Sequence[Group], levels: Sequence[Level]) -> dict[str, Any]:
    """One summary: the rows of its tree, each with the address that explains it."""
    rows = trees.rows(trees.build(shown, levels))
    return {
        "key": key["market"],
        "total": trees.total(shown),
        "total_url": sum_address(**key) if rows else "",
        "places": places_of([*(row.amount for row in rows), trees.total(shown)]),
        "lines": sum(group.lines for group in shown),
        "rows": [(row, sum_address(**{**key, **row.key})) for row in rows],
    }


def _unusual(invoice: Any) -> str:
    """The state of an invoice that one cannot simply pay by: being made, given back, void."""
    return "" if invoice.state == InvoiceState.INVOICED else invoice.get_state_display()
