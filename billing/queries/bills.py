"""Reads of bills: the months of a partner, each as it was issued or as it is estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, Max, QuerySet, Sum

from accounts.queries import information
from metering.choices import BillType
from metering.rules.sums import exact_sum
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.money import round_due
from partner_center.refusals import NotFound

from ..fields import SettledField
from ..models import Bill, BillSum, BillTax, EstimateSum, Invoice
from ..permissions import VIEW_BILLS
from ..refusals import NoRate
from ..rules import bills as rules
from ..rules import due as due_rules
from ..rules.explaining import Total
from ..rules.trees import Group
from . import reach, taxes


@dataclass(frozen=True)
class MonthRow:
    """One month of the tape. ``amount``: due, or the estimate; None where there is neither. USD."""

    cycle: str
    amount: Decimal | None
    state: str
    is_estimate: bool


@dataclass(frozen=True)
class Month:
    """One cycle of a partner: its bill once it is issued, else what it comes to so far."""

    cycle: BillingCycle
    bill: Bill | None
    #: When the estimate was computed; None for an issued bill, and where nothing was estimated.
    refreshed_at: datetime | None = None

    @property
    def is_estimate(self) -> bool:
        """Whether the bill is not issued yet (05-BIL-17)."""
        return self.bill is None


@dataclass(frozen=True)
class Totals:
    """Settlement amounts of a month by bill type. USD, exact."""

    expenditures: Decimal
    refunds: Decimal
    adjustments: Decimal
    #: Bill types that have lines, even if they come to zero.
    types: frozenset[str]

    @property
    def has_adjustments(self) -> bool:
        """Whether the line Adjustments is there (05-BIL-18)."""
        return BillType.ADJUSTMENT in self.types

    @property
    def settlement(self) -> Decimal:
        """The sum of them."""
        return exact_sum([self.expenditures, self.refunds, self.adjustments])


@dataclass(frozen=True)
class InCurrency:
    """An amount due in the payment currency, by the rate of one USD (05-CNV-04)."""

    currency: str
    rate: Decimal
    amount: Decimal


def get_month(actor: Actor, cycle: BillingCycle) -> Month:
    """The actor's own bill of a cycle, or the estimate while there is none."""
    reach.require(actor, VIEW_BILLS)
    bills = Bill.objects.visible_to(actor).select_related("paid_state", "manifest")
    bills = bills.defer("manifest__content")
    if (bill := bills.filter(cycle=str(cycle)).first()) is not None:
        return Month(cycle, bill)
    sums = EstimateSum.objects.visible_to(actor).filter(cycle=str(cycle))
    return Month(cycle, None, sums.aggregate(at=Max("refreshed_at"))["at"])


def get_bill(actor: Actor, cycle: BillingCycle) -> Bill:
    """The issued bill of a cycle. Raises NotFound where there is none."""
    bill = get_month(actor, cycle).bill
    if bill is None:
        raise NotFound
    return bill


def months(actor: Actor, moment: datetime) -> list[MonthRow]:
    """From the running cycle back to the first that was billed or estimated, twelve at least."""
    reach.require(actor, VIEW_BILLS)
    found = {row.cycle: row for row in (*_estimated(actor), *_issued(actor, moment))}
    cycle = BillingCycle.of(moment)
    oldest = min([*found, str(cycle.plus(-11))])
    listed = []
    while str(cycle) >= oldest:
        listed.append(found.get(str(cycle)) or MonthRow(str(cycle), None, "", is_estimate=False))
        cycle = cycle.previous()
    return listed


def sums_of(actor: Actor, month: Month) -> QuerySet:
    """The sums of a month: of its bill, or of its estimate."""
    if month.bill is not None:
        return BillSum.objects.filter(bill=month.bill)
    return EstimateSum.objects.visible_to(actor).filter(cycle=str(month.cycle))


def issued_sums(actor: Actor, begins: str, ends: str) -> QuerySet[BillSum]:
    """The sums of the actor's issued bills of some cycles, both included."""
    reach.require(actor, VIEW_BILLS)
    bills = Bill.objects.visible_to(actor).filter(cycle__range=(begins, ends))
    return BillSum.objects.filter(bill__in=bills)


def before_tax() -> ExpressionWrapper:
    """Expression over sums: amount due exclusive of tax."""
    return ExpressionWrapper(F("settled") - F("coupons"), SettledField())


def due() -> ExpressionWrapper:
    """Expression over sums: amount due."""
    return ExpressionWrapper(F("settled") - F("coupons") + F("tax"), SettledField())


def totals(groups: Sequence[Group]) -> Totals:
    """What all groups of a month come to by bill type."""
    by_type = {
        kind: exact_sum(group.amount for group in groups if group.bill_type == kind)
        for kind in BillType
    }
    return Totals(
        by_type[BillType.EXPENDITURE],
        by_type[BillType.REFUND],
        by_type[BillType.ADJUSTMENT],
        frozenset(group.bill_type for group in groups),
    )


def taxes_of(bill: Bill) -> list[BillTax]:
    """The taxes of a bill by kind."""
    return list(bill.taxes.order_by("kind", "percent"))


def invoices_of(bill: Bill) -> list[Invoice]:
    """The invoices of a bill, the latest last."""
    return list(bill.invoices.order_by("pk"))


def total_of(bill: Bill, *, has_adjustments: bool) -> Total:
    """The figures of a bill with its taxes, for their explanation."""
    return Total(
        expenditures=bill.expenditures,
        refunds=bill.refunds,
        adjustments=bill.adjustments,
        has_adjustments=has_adjustments,
        coupons=bill.coupons,
        taxes=[(tax.kind, tax.percent, tax.base, tax.amount) for tax in taxes_of(bill)],
        exact_total=bill.exact_total,
        total=bill.total,
        withheld=bill.withheld,
        credit_used=bill.credit_used,
        amount_due=bill.amount_due,
    )


def in_currency(actor: Actor, month: Month, due: Decimal, moment: datetime) -> InCurrency | None:
    """The amount due in the payment currency; None where that is USD, or has no rate yet.

    The rate of an issued bill is the one printed on it, that of an estimate today's (05-BQY-18).
    """
    bill = month.bill
    if bill is not None:
        found = InCurrency(bill.currency, bill.rate, bill.currency_amount)
        return found if bill.currency != "USD" else None
    currency = information.currency_of(actor.account_id, month.cycle)
    if currency == "USD":
        return None
    try:
        rate = taxes.rate_of(currency, clock.business_date(moment))
    except NoRate:
        return None
    return InCurrency(currency, rate, rules.in_currency(round_due(due), rate, currency))


def _issued(actor: Actor, moment: datetime) -> list[MonthRow]:
    rows = Bill.objects.visible_to(actor).select_related("paid_state")
    return [
        MonthRow(
            bill.cycle,
            min(bill.total, bill.amount_due),
            str(due_rules.state_at(bill.paid_state.state, bill.paid_state, moment).label),
            is_estimate=False,
        )
        for bill in rows
    ]


def _estimated(actor: Actor) -> list[MonthRow]:
    rows = EstimateSum.objects.visible_to(actor).values("cycle").order_by("cycle")
    return [
        MonthRow(row["cycle"], round_due(row["amount"]), "Estimate", is_estimate=True)
        for row in rows.annotate(amount=Sum("settled"))
    ]
