"""Issuing one partner's bill: lines, coupons, tax, totals, payment, invoice, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

import audit.services
from accounts.models import Account
from catalog.rules.pricing import EXACT
from metering.choices import BillType
from metering.rules.sums import exact_sum
from metering.services import statements
from partner_center.actors import Actor
from partner_center.money import round_due

from ..choices import BillState, PartState, TaxKind
from ..models import Bill, BillAccount, BillTax, PartnerAccount, RunPart
from ..queries.taxes import Book
from ..refusals import BooksDisagree, NothingToBill
from ..rules import bills as rules
from ..rules import taxes as tax_rules
from ..signals import bill_issued
from . import allotting, funds, invoicing, settling
from .settling import Group
from .staging import Scope

_NEXT_BILL = "SELECT nextval(pg_get_serial_sequence('billing_bill', 'id'))"


@dataclass(frozen=True)
class Order:
    """A bill to be issued: whose charges, which are staged, and what is known of the payer."""

    part_id: int
    scope: Scope
    currency: str
    has_coupons: bool


@transaction.atomic(durable=True)
def issue(actor: Actor, order: Order, moment: datetime, book: Book) -> bool:
    """Issue the bill of one partner of a run; whether it was issued now.

    Everything of it is written in this transaction, or nothing. A bill that is there, or that another
    run works on, is left alone. Raises BooksDisagree, NothingToBill, NoRate.
    """
    waiting = RunPart.objects.filter(pk=order.part_id).exclude(state=PartState.ISSUED)
    part = (
        waiting.select_for_update(skip_locked=True, of=("self",)).select_related("account").first()
    )
    if part is None:
        return False
    bill = _write(part.account, order, moment, book)
    part.state, part.cause, part.tried_at, part.asked_at = PartState.ISSUED, "", moment, None
    part.save(update_fields=["state", "cause", "tried_at", "asked_at"])
    audit.services.record(
        actor,
        "billing.bill.issued",
        bill,
        after={"cycle": bill.cycle, "amount_due": str(bill.amount_due), "lines": bill.lines},
        account_id=bill.account_id,
    )
    bill_issued.send("billing", bill=bill, moment=moment)
    invoicing.enter(bill, moment)
    return True


def _write(payer: Account, order: Order, moment: datetime, book: Book) -> Bill:
    wanted = order.scope
    if not wanted.charges:
        raise NothingToBill
    account = funds.lock(payer.pk)
    changes, covered = allotting.allot(wanted) if order.has_coupons else ([], False)
    spans = tax_rules.spans(book.rules_of(payer))
    bill_id: int = statements.value(_NEXT_BILL)
    groups = settling.write(wanted, bill_id, spans, covered=covered)
    bill = _total(
        bill_id=bill_id,
        payer=payer,
        order=order,
        moment=moment,
        groups=groups,
        account=account,
        book=book,
    )
    allotting.book(bill, changes, moment)
    _enter_taxes(bill, groups)
    _refuse_disagreement(wanted, bill, groups)
    funds.pay_bills(account, moment)
    return bill


def _total(
    *,
    bill_id: int,
    payer: Account,
    order: Order,
    moment: datetime,
    groups: Sequence[Group],
    account: PartnerAccount,
    book: Book,
) -> Bill:
    """The bill itself, and what is to be paid of it."""
    settled = settling.total_of(groups, "settled")
    coupons, tax = settling.total_of(groups, "coupons"), settling.total_of(groups, "tax")
    exact = EXACT.add(EXACT.subtract(settled, coupons), tax)
    total, withheld = round_due(exact), _withheld(groups)
    used = funds.use_credit(payer.pk, max(total - withheld, Decimal(0)))
    due = max(total - withheld - used, Decimal(0))
    cycle, currency = order.scope.cycle, order.currency
    rate = book.rate_of(currency)
    bill = Bill.objects.create(
        pk=bill_id,
        account=payer,
        number=rules.bill_number(cycle, bill_id),
        cycle=str(cycle),
        lines=sum(group.lines for group in groups),
        list_amount=settling.total_of(groups, "list_amount"),
        expenditures=settling.total_of(groups, "settled", BillType.EXPENDITURE),
        refunds=settling.total_of(groups, "settled", BillType.REFUND),
        adjustments=settling.total_of(groups, "settled", BillType.ADJUSTMENT),
        coupons=coupons,
        tax=tax,
        exact_total=exact,
        total=total,
        withheld=withheld,
        credit_used=used,
        amount_due=due,
        currency=currency,
        rate=rate,
        currency_amount=rules.in_currency(due, rate, currency),
        issued_at=moment,
        due_at=moment + timedelta(days=account.term_days),
    )
    _open_account(bill)
    return bill


def _open_account(bill: Bill) -> None:
    credit = max(-bill.total, Decimal(0))
    BillAccount.objects.create(
        bill=bill,
        account_id=bill.account_id,
        state=BillState.UNPAID if bill.amount_due else BillState.NOTHING_DUE,
        amount_due=bill.amount_due,
        credit_left=credit,
        due_at=bill.due_at,
    )


def _withheld(groups: Sequence[Group]) -> Decimal:
    """What the partner pays to its tax authority out of the total (08-TAX-05)."""
    amounts = [amount for kind, _percent, _base, amount in _taxes(groups) if kind == TaxKind.WHT]
    return max(round_due(exact_sum(amounts)), Decimal(0))


def _taxes(groups: Sequence[Group]) -> list[tuple[TaxKind, Decimal, Decimal, Decimal]]:
    """Each tax with percent, base and amount, over all spans of time."""
    bases: dict[tuple[TaxKind, Decimal], Decimal] = {}
    for group in groups:
        base = EXACT.subtract(group.settled, group.coupons)
        for key in group.span.taxes:
            bases[key] = EXACT.add(bases.get(key, Decimal(0)), base)
    return [
        (kind, percent, base, tax_rules.amount(base, percent))
        for (kind, percent), base in bases.items()
    ]


def _enter_taxes(bill: Bill, groups: Sequence[Group]) -> None:
    BillTax.objects.bulk_create(
        BillTax(bill=bill, kind=kind, percent=percent, base=base, amount=amount)
        for kind, percent, base, amount in _taxes(groups)
    )


def _refuse_disagreement(wanted: Scope, bill: Bill, groups: Sequence[Group]) -> None:
    """What must hold of every bill, asked of what was stored. Raises BooksDisagree."""
    if outside := sum(group.outside for group in groups):
        raise BooksDisagree(f"{outside} charges lie outside the time of their association")
    charges = (wanted.charges, wanted.list_amount)
    if (bill.lines, bill.list_amount) != charges:
        raise BooksDisagree(f"{bill.lines} lines of {bill.list_amount} for charges of {charges}")
    lines, sums = settling.stored(bill.pk, wanted.cycle)
    amounts = (bill.settlement, bill.coupons, bill.tax)
    if lines != (bill.lines, *amounts) or sums != (*charges, *amounts):
        raise BooksDisagree(f"lines {lines}, sums {sums} and totals {amounts} differ")
    added = exact_sum(amount for kind, _p, _b, amount in _taxes(groups) if kind != TaxKind.WHT)
    if added != bill.tax:
        raise BooksDisagree(f"taxes of {added} are {bill.tax} on the lines")
