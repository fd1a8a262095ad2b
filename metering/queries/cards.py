"""Spend at a glance: cards of a customer's page and of the home page, a column of customer lists.

Read from the roll-ups as they stand now, without the delay of the summary; USD at list price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.amounts import AmountField
from partner_center.clock import BillingCycle

from ..models import DailySpend, MonthlySpend
from ..rules.sums import exact_sum
from . import amounts, reach

MONTHS = 12
RANKED = 5


@dataclass(frozen=True)
class CustomerSpend:
    """The last 12 months of one customer, oldest first, and where the money goes."""

    months: list[tuple[str, Decimal]]
    ranking: list[tuple[str, Decimal]]

    @property
    def total(self) -> Decimal:
        """Over the 12 months."""
        return exact_sum(amount for _cycle, amount in self.months)

    @property
    def this_month(self) -> tuple[str, Decimal]:
        """Month-to-date expenditure."""
        return self.months[-1]

    @property
    def last_month(self) -> tuple[str, Decimal]:
        """Expenditure of the month before."""
        return self.months[-2]

    @property
    def change(self) -> Decimal:
        """By how much last month differs from the month before it."""
        return exact_sum((self.months[-2][1], self.months[-3][1].copy_negate()))


def of_customer(actor: Actor, association: Association, moment: datetime) -> CustomerSpend:
    """The card Expenditure Summary of a customer's page (04-CUD-07). Two queries."""
    current = BillingCycle.of(moment)
    cycles = [str(current.plus(-back)) for back in range(MONTHS - 1, -1, -1)]
    rows = _sums(actor).filter(customer=association.customer_id, cycle__in=cycles)
    by_cycle = dict(rows.values_list("cycle").annotate(total=Sum("list_amount")))
    by_service = rows.values_list("service_type__name").annotate(total=Sum("list_amount"))
    ranked = by_service.filter(total__gt=0).order_by("-total", "service_type__name")
    ranking = list(ranked[:RANKED])
    return CustomerSpend([(c, by_cycle.get(c, Decimal(0))) for c in cycles], ranking)


def of_month(actor: Actor, moment: datetime) -> tuple[Decimal, int]:
    """The customers' spend of the running cycle, and how many of them have any. One query."""
    rows = _sums(actor).filter(cycle=str(BillingCycle.of(moment)))
    zero = amounts.nothing()
    found = rows.aggregate(
        total=Sum("list_amount", default=zero), spending=Count("customer", distinct=True)
    )
    return found["total"], found["spending"]


def month_to_date(association: str = "pk") -> Coalesce:
    """Expression over associations: the customer's spend in the running cycle since it belongs to it.

    Worked out anew for each request, because it names the cycle of this moment.
    """
    cycle = str(BillingCycle.of(clock.now()))
    rows = MonthlySpend.objects.filter(cycle=cycle, association=OuterRef(association))
    rows = rows.filter(customer=OuterRef("customer")).order_by()
    total = rows.values("association").annotate(total=Sum("list_amount")).values("total")
    return Coalesce(Subquery(total), amounts.nothing(), output_field=AmountField())


def spent_between(least: Decimal | None, most: Decimal | None) -> Q:
    """Condition over rows with ``month_to_date``: within these bounds, both included."""
    found = Q()
    if least is not None:
        found &= Q(month_to_date__gte=least)
    if most is not None:
        found &= Q(month_to_date__lte=most)
    return found


def _sums(actor: Actor) -> QuerySet:
    """Months, or days where it matters from which day on the spend counts for the actor."""
    table = DailySpend if reach.is_scoped(actor) else MonthlySpend
    return reach.of_partner(actor, table.objects.all())
