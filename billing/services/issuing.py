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

from ..choices import BillState, TaxKind
from ..models import Bill
from ..queries.taxes import Book
from ..refusals import BooksDisagree, NothingToBill
from ..rules import bills as rules
from ..rules import taxes as tax_rules
from ..signals import bill_issued
from . import allotting, funds, invoicing, settling
from .settling import Group
from .staging import Scope

#: Its commit need not wait for the disk: a bill that a breakdown of the database takes back is issued by
#: the next run, and whatever follows from a bill (mails, charges of cards) is committed after it, which
#: waits for both.
_LOCK = """
SET LOCAL synchronous_commit TO off;
SELECT id FROM billing_runpart WHERE id = %(part)s AND state <> 'issued' FOR UPDATE SKIP LOCKED
"""
#: A bill, what has become of it, its taxes, and that its part is done.
_ENTER = """
WITH bill AS (
    INSERT INTO billing_bill (id, account_id, number, cycle, lines, list_amount, expenditures, refunds,
        adjustments, coupons, tax, exact_total, total, withheld, credit_used, amount_due, currency, rate,
        currency_amount, issued_at, due_at)
    VALUES (%(id)s, %(account_id)s, %(number)s, %(cycle)s, %(lines)s, %(list_amount)s, %(expenditures)s,
        %(refunds)s, %(adjustments)s, %(coupons)s, %(tax)s, %(exact_total)s, %(total)s, %(withheld)s,
        %(credit_used)s, %(amount_due)s, %(currency)s, %(rate)s, %(currency_amount)s, %(issued_at)s,
        %(due_at)s)
), standing AS (
    INSERT INTO billing_billaccount (bill_id, account_id, state, amount_due, paid, credit_left, due_at)
    VALUES (%(id)s, %(account_id)s, %(state)s, %(amount_due)s, 0, greatest(-%(total)s, 0), %(due_at)s)
), taxes AS (
    INSERT INTO billing_billtax (bill_id, kind, percent, base, amount)
    SELECT %(id)s, t.* FROM unnest(%(kinds)s::text[], %(percents)s::numeric[], %(bases)s::numeric[],
        %(amounts)s::numeric[]) AS t
)
UPDATE billing_runpart SET state = 'issued', cause = '', tried_at = %(issued_at)s, asked_at = NULL
WHERE id = %(part)s
"""


@dataclass(frozen=True)
class BillToIssue:
    """A bill to be issued: whose charges, which are staged, and what is known of the payer."""

    part_id: int
    bill_id: int
    payer: Account
    scope: Scope
    currency: str
    has_coupons: bool
    has_quota: bool


@transaction.atomic(durable=True)
def issue(actor: Actor, planned: BillToIssue, moment: datetime, book: Book) -> bool:
    """Issue the bill of one partner of a run; whether it was issued now.

    Everything of it is written in this transaction, or nothing. A bill that is there, or that another
    run works on, is left alone. Raises BooksDisagree, NothingToBill, NoRate.
    """
    if not statements.rows(_LOCK, {"part": planned.part_id}):
        return False
    bill = _write(planned, moment, book)
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


def _write(planned: BillToIssue, moment: datetime, book: Book) -> Bill:
    wanted = planned.scope
    if not wanted.charges:
        raise NothingToBill
    account = funds.lock(wanted.payer_id)
    changes, covered = allotting.allot(wanted) if planned.has_coupons else ([], False)
    spans = tax_rules.spans(book.rules_of(planned.payer))
    groups = settling.write(wanted, planned.bill_id, spans, covered=covered)
    bill = _total(planned, groups, moment, account.term_days, book)
    _enter(bill, planned, groups)
    allotting.book(bill, changes, moment)
    _refuse_disagreement(wanted, bill, groups)
    if account.balance or planned.has_quota:
        funds.pay_bills(account, moment)
    return bill


def _total(
    planned: BillToIssue, groups: Sequence[Group], moment: datetime, term_days: int, book: Book
) -> Bill:
    """The bill itself, and what is to be paid of it; not stored yet."""
    settled = settling.total_of(groups, "settled")
    coupons, tax = settling.total_of(groups, "coupons"), settling.total_of(groups, "tax")
    exact = EXACT.add(EXACT.subtract(settled, coupons), tax)
    total, withheld = round_due(exact), _withheld(groups)
    used = funds.use_credit(planned.payer.pk, max(total - withheld, Decimal(0)))
    due = max(total - withheld - used, Decimal(0))
    cycle, currency = planned.scope.cycle, planned.currency
    rate = book.rate_of(currency)
    return Bill(
        pk=planned.bill_id,
        account=planned.payer,
        number=rules.bill_number(cycle, planned.bill_id),
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
        due_at=moment + timedelta(days=term_days),
    )


def _enter(bill: Bill, planned: BillToIssue, groups: Sequence[Group]) -> None:
    taxes = _taxes(groups)
    values = {field.column: getattr(bill, field.attname) for field in Bill._meta.concrete_fields}
    statements.run(
        _ENTER,
        values
        | {
            "part": planned.part_id,
            "state": BillState.UNPAID if bill.amount_due else BillState.NOTHING_DUE,
            "kinds": [kind for kind, _percent, _base, _amount in taxes],
            "percents": [percent for _kind, percent, _base, _amount in taxes],
            "bases": [base for _kind, _percent, base, _amount in taxes],
            "amounts": [amount for _kind, _percent, _base, amount in taxes],
        },
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
