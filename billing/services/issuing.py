"""Issuing the bills of a lot: lines, coupons, tax, totals, payment, invoices, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

import audit.services
from accounts.models import Account
from catalog.rules.pricing import EXACT
from metering.choices import BillType
from metering.rules.sums import exact_sum
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.money import round_due

from ..choices import TaxKind
from ..models import Bill
from ..queries.taxes import Book
from ..refusals import BooksDisagree, NothingToBill
from ..rules import bills as rules
from ..rules import taxes as tax_rules
from ..rules.taxes import Span
from . import allotting, entering, funds, invoicing, staging
from .allotting import Change
from .entering import Standing, Stored, Tax
from .staging import Group, Scope


@dataclass(frozen=True)
class BillToIssue:
    """A bill to be issued: whose charges, which are staged, and what is known of the payer.

    What is only asked for where it is there (coupons, credit, a quota) is noticed by the bill after this
    one when it comes to be in the moment between.
    """

    part_id: int
    bill_id: int
    payer: Account
    scope: Scope
    spans: Sequence[Span]
    currency: str
    has_coupons: bool
    has_credit: bool
    has_quota: bool


@dataclass(frozen=True)
class _Draft:
    """A bill that is worked out, and what it comes with."""

    planned: BillToIssue
    bill: Bill
    taxes: Sequence[Tax]
    standing: Standing


@transaction.atomic(durable=True)
def issue(
    actor: Actor, cycle: BillingCycle, lot: Sequence[BillToIssue], moment: datetime, book: Book
) -> int:
    """Issue the bills of some partners of a run; how many.

    Everything of all of them is written in this transaction, or nothing: who calls this with several
    calls it again with each when it fails. A bill that is there, or that another run works on, is left
    alone. Raises BooksDisagree, NothingToBill, NoRate.
    """
    standings = entering.lock([planned.part_id for planned in lot])
    mine = [planned for planned in lot if planned.part_id in standings]
    if not mine:
        return 0
    groups, changes = _settle(cycle, mine)
    drafts = [
        _draft(planned, groups.get(planned.payer.pk, []), standings[planned.part_id], moment, book)
        for planned in mine
    ]
    _write(cycle, drafts, moment)
    allotting.book([draft.bill for draft in drafts], changes, moment)
    _follow_up(actor, drafts, moment)
    return len(drafts)


def _settle(
    cycle: BillingCycle, mine: Sequence[BillToIssue]
) -> tuple[Mapping[int, Sequence[Group]], Sequence[Change]]:
    """Stage the charges, with what coupons pay; what they come to by payer, and of which coupon."""
    spans = {planned.payer.pk: planned.spans for planned in mine}
    groups = staging.stage(cycle, [planned.scope for planned in mine], spans)
    holders = [planned.payer.pk for planned in mine if planned.has_coupons]
    changes, is_covered = allotting.allot(cycle, holders, groups) if holders else ([], False)
    return groups | staging.cover(holders) if is_covered else groups, changes


def _draft(
    planned: BillToIssue, groups: Sequence[Group], standing: Standing, moment: datetime, book: Book
) -> _Draft:
    """Work out a bill; credit is used, nothing else is stored."""
    if not planned.scope.charges:
        raise NothingToBill
    taxes = _taxes(planned.spans, groups)
    bill = _total(planned, groups, taxes, moment, book)
    bill.due_at = moment + timedelta(days=standing.term_days)
    _refuse_disagreement(planned.scope, bill, groups, taxes)
    return _Draft(planned, bill, taxes, standing)


def _write(cycle: BillingCycle, drafts: Sequence[_Draft], moment: datetime) -> None:
    stored = entering.enter(cycle, {draft.bill: draft.taxes for draft in drafts})
    for draft in drafts:
        _refuse_other(draft.bill, stored.get(draft.bill.pk))
    entering.done([draft.planned.part_id for draft in drafts], moment)


def _follow_up(actor: Actor, drafts: Sequence[_Draft], moment: datetime) -> None:
    """Pay from what was paid in advance, record, and give each its invoice, whose lock is the last."""
    for draft in drafts:
        if draft.standing.balance or draft.planned.has_quota:
            funds.pay_bills(funds.lock(draft.planned.payer.pk), moment)
    audit.services.record_each(actor, [_change(draft.bill) for draft in drafts])
    invoicing.enter_each([draft.bill for draft in drafts], moment)


def _change(bill: Bill) -> audit.services.Change:
    return audit.services.Change(
        "billing.bill.issued",
        bill,
        after={"cycle": bill.cycle, "amount_due": str(bill.amount_due), "lines": bill.lines},
        account_id=bill.account_id,
    )


def _total(
    planned: BillToIssue,
    groups: Sequence[Group],
    taxes: Sequence[Tax],
    moment: datetime,
    book: Book,
) -> Bill:
    """The bill itself, and what is to be paid of it; not stored yet."""
    settled = _sum(groups, "settled")
    coupons, tax = _sum(groups, "coupons"), _sum(groups, "tax")
    exact = EXACT.add(EXACT.subtract(settled, coupons), tax)
    total, withheld = round_due(exact), _withheld(taxes)
    due = max(total - withheld, Decimal(0))
    used = funds.use_credit(planned.payer.pk, due) if planned.has_credit else Decimal(0)
    due -= used
    cycle, currency = planned.scope.cycle, planned.currency
    rate = book.rate_of(currency)
    return Bill(
        pk=planned.bill_id,
        account=planned.payer,
        number=rules.bill_number(cycle, planned.bill_id),
        cycle=str(cycle),
        lines=sum(group.lines for group in groups),
        list_amount=_sum(groups, "list_amount"),
        expenditures=_sum(groups, "settled", BillType.EXPENDITURE),
        refunds=_sum(groups, "settled", BillType.REFUND),
        adjustments=_sum(groups, "settled", BillType.ADJUSTMENT),
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
    )


def _sum(groups: Sequence[Group], name: str, bill_type: str = "") -> Decimal:
    """The exact sum of one column over groups, of one bill type or of all."""
    wanted = (group for group in groups if not bill_type or group.bill_type == bill_type)
    return exact_sum(getattr(group, name) for group in wanted)


def _withheld(taxes: Sequence[Tax]) -> Decimal:
    """What the partner pays to its tax authority out of the total (08-TAX-05)."""
    amounts = exact_sum(tax.amount for tax in taxes if tax.kind == TaxKind.WHT)
    return max(round_due(amounts), Decimal(0))


def _taxes(spans: Sequence[Span], groups: Sequence[Group]) -> list[Tax]:
    """Each tax over all spans of time."""
    bases: dict[tuple[TaxKind, Decimal], Decimal] = {}
    for group in groups:
        base = EXACT.subtract(group.settled, group.coupons)
        for key in spans[group.place].taxes:
            bases[key] = EXACT.add(bases.get(key, Decimal(0)), base)
    return [
        Tax(kind, percent, base, tax_rules.amount(base, percent))
        for (kind, percent), base in bases.items()
    ]


def _refuse_disagreement(
    wanted: Scope, bill: Bill, groups: Sequence[Group], taxes: Sequence[Tax]
) -> None:
    """What must hold of every bill. Raises BooksDisagree."""
    if outside := sum(group.outside for group in groups):
        raise BooksDisagree(f"{outside} charges lie outside the time of their association")
    charges = (wanted.charges, wanted.list_amount)
    if (bill.lines, bill.list_amount) != charges:
        raise BooksDisagree(f"{bill.lines} lines of {bill.list_amount} for charges of {charges}")
    added = exact_sum(tax.amount for tax in taxes if tax.kind != TaxKind.WHT)
    if added != bill.tax:
        raise BooksDisagree(f"taxes of {added} are {bill.tax} on the lines")


def _refuse_other(bill: Bill, stored: Stored | None) -> None:
    """What was stored must be what the bill says. Raises BooksDisagree."""
    amounts = (bill.settlement, bill.coupons, bill.tax)
    if stored != Stored((bill.lines, *amounts), (bill.lines, bill.list_amount, *amounts)):
        raise BooksDisagree(
            f"{stored} and totals {bill.lines}, {bill.list_amount}, {amounts} differ"
        )
