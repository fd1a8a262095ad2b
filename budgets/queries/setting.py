"""What Set Budget shows: whom a budget may be set for, what is set, and what may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.choices import PartnerKind
from customers.models import Association
from customers.queries import reach
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.usage import UsageBar, usage_bar

from ..choices import BudgetType, ExhaustionAction, FreezeStatus
from ..models import Budget, FreezeState
from ..permissions import SET_BUDGETS
from ..rules import usage as rules
from . import control, quotas, usage


@dataclass(frozen=True)
class Present:
    """What is set for one customer, in USD at list price; amount and use are absent before the first."""

    type: BudgetType = BudgetType.MONTHLY
    amount: Decimal | None = None
    action: ExhaustionAction = ExhaustionAction.MANUAL
    used: Decimal | None = None

    @property
    def is_monthly(self) -> bool:
        """Whether the use is a Current Estimate; of a one-time budget it is the Total Expenditure."""
        return self.type == BudgetType.MONTHLY

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down; None without a budget (04-BFM-03)."""
        return rules.percent(self.used or Decimal(0), self.amount)

    @property
    def bar(self) -> UsageBar:
        """The usage as it is drawn."""
        return usage_bar(self.used or Decimal(0), self.amount or None)

    @property
    def mode(self) -> str:
        """Manual or Automatic (04-CUD-01, D-02); empty without a budget."""
        if not self.amount:
            return ""
        return "manual" if self.action == ExhaustionAction.MANUAL else "automatic"


@dataclass(frozen=True)
class Head:
    """Budget and use as the head of Set Budget names them while a type is chosen; USD at list price."""

    type: BudgetType
    amount: Decimal | None
    used: Decimal | None

    @property
    def is_monthly(self) -> bool:
        """Whether the use is a Current Estimate; of a one-time budget it is the Total Expenditure."""
        return self.type == BudgetType.MONTHLY


def heads(association_id: int, present: Present, moment: datetime) -> tuple[Head, Head]:
    """What stands in the head for either type (04-BUD-03, OTB-01, 07-RONE-05).

    The type that is not set has no amount; a one-time budget would begin with what this month has
    cost. At most one query.
    """
    if not present.is_monthly:
        return Head(BudgetType.MONTHLY, None, None), Head(
            BudgetType.ONE_TIME, present.amount, present.used
        )
    month = present.used
    if month is None:
        month = usage.spent_this_month(association_id, moment)
    return (
        Head(BudgetType.MONTHLY, present.amount or Decimal(0), present.used),
        Head(BudgetType.ONE_TIME, None, month),
    )


def settable(actor: Actor, association_ids: Collection[int]) -> list[Association]:
    """The customers, by account name, if the actor may set the budget of every one of them.

    Raises NotFound, BudgetOnlyResellerModel, ManagedByReseller, NeedsDistributor.
    """
    actor.require(SET_BUDGETS)
    found = _all_of(association_ids, reach.reachable(actor))
    control.require_settable(actor, found)
    return found


def chosen(actor: Actor, association_ids: Collection[int]) -> list[Association]:
    """The customers of a selection, by account name, whoever controls them. Raises NotFound."""
    actor.require(SET_BUDGETS)
    return _all_of(association_ids, control.with_control(reach.reachable(actor), actor))


def divided(actor: Actor, customers: Collection[Association]) -> control.Choice:
    """Those of the chosen customers whose budget the actor may set, and the others with the reason."""
    return control.divided(customers, lambda row: control.why_not(actor, row))


def _all_of(keys: Collection[int], rows: QuerySet[Association]) -> list[Association]:
    rows = rows.filter(pk__in=keys).select_related("customer", "account")
    found = list(rows.order_by("customer__name", "pk"))
    if not found or {row.pk for row in found} != set(keys):
        raise NotFound
    return found


def present_of(association_id: int, moment: datetime) -> Present:
    """The budget of one customer as it stands, whoever may see it."""
    rows = Budget.objects.filter(pk=association_id).annotate(used_now=usage.used(moment))
    found = rows.values_list("type", "amount", "action", "used_now").first()
    if found is None:
        return Present()
    kind, amount, action, used = found
    return Present(BudgetType(kind), amount, ExhaustionAction(action), used)


def offered(actor: Actor, association_ids: Collection[int]) -> dict[BudgetType, Decimal | None]:
    """Types that may be chosen, with what these customers may be given in all, in USD (04-ONE-03).

    None: nobody limits the sum; only distributors limit their resellers.
    """
    if actor.partner_kind != PartnerKind.RESELLER:
        return dict.fromkeys(BudgetType)
    return {
        quota.type: max(
            quota.total - quotas.allocated(actor.account_id, quota.type, besides=association_ids),
            Decimal(0),
        )
        for quota in quotas.quotas_of(actor.account_id)
    }


def strongest_state(associations: Sequence[Association]) -> FreezeStatus:
    """How the most frozen of these customers is frozen."""
    keys = [row.pk for row in associations]
    states = set(FreezeState.objects.filter(pk__in=keys).values_list("state", flat=True))
    for state in (FreezeStatus.RESOURCES, FreezeStatus.ACCOUNT):
        if state in states:
            return state
    return FreezeStatus.NORMAL
