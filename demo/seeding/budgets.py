"""Budgets of the demo customers: some without, most well within, one each at 78%, 93% and used up.

And the consumption quotas of the partners that have customers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from budgets.choices import BudgetType, ExhaustionAction
from budgets.queries import agreement, control, usage
from budgets.queries import consumption as consumption_queries
from budgets.refusals import QuotaInsufficient, TypeNotGranted
from budgets.services import alerting, consumption, pending, setting
from customers.choices import AssociationModel
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of


@dataclass(frozen=True)
class Plan:
    """Which budget a customer gets: so large that this share of it is used."""

    share: Decimal
    type: BudgetType = BudgetType.MONTHLY
    action: ExhaustionAction = ExhaustionAction.MANUAL
    #: Added to it, in USD, for what is bought in advance.
    room: Decimal = Decimal(0)


RESTRICT = ExhaustionAction.RESTRICT
#: Customers with a story.
PLANS = {
    "harborline-logistics": Plan(Decimal("0.45"), room=Decimal(5000)),
    "bulan-media": Plan(Decimal("0.60"), BudgetType.ONE_TIME, room=Decimal(5000)),
    "sandline-media": Plan(Decimal("0.50"), room=Decimal(5000)),
    "batanes-travel": Plan(Decimal("0.78")),
    "bayani-health": Plan(Decimal("0.93"), action=RESTRICT),
    "isla-games": Plan(Decimal("1.04"), action=RESTRICT),
    "delta-fisheries": Plan(Decimal("0.48"), action=ExhaustionAction.RESTRICT_FREEZE),
}
#: The others in turn; nothing for every fourth.
OTHERS = (
    None,
    Plan(Decimal("0.35")),
    Plan(Decimal("0.55"), BudgetType.ONE_TIME),
    Plan(Decimal("0.48"), action=RESTRICT),
)
#: What partners may owe, in USD: more than the demo world spends.
QUOTAS = {
    "tidemark-cloud": Decimal("25000.00"),
    "meridian-distribution": Decimal("40000.00"),
    "northgate-systems": Decimal("20000.00"),
}
#: Of customers that have not spent anything this month.
SMALLEST = Decimal("100.00")


def seed(operator: Actor) -> None:
    """Set a budget for every customer of the Reseller model that has none and that somebody controls."""
    rows = Association.objects.live().filter(model=AssociationModel.RESELLER, budget=None)
    associations = list(rows.select_related("customer", "account").order_by("pk"))
    controllers = control.controllers_of(associations)
    for number, association in enumerate(associations):
        plan = PLANS.get(association.customer.name, OTHERS[number % len(OTHERS)])
        controller = controllers[association.pk]
        if plan is not None and controller is not None:
            _set(controller[1], association, plan)
    pending.check_pending()
    alerting.tell_pending()
    for name, account_id in Account.objects.filter(name__in=QUOTAS).values_list("name", "pk"):
        _grant_quota(operator, account_id, QUOTAS[name])


def _grant_quota(operator: Actor, account_id: int, amount: Decimal) -> None:
    row = consumption_queries.row_of(account_id)
    consumption.set_quota(
        operator,
        account_id,
        values={"amount": amount},
        seen=fingerprint_of(row, consumption.FIELDS),
    )


def _set(controller_id: int, association: Association, plan: Plan) -> None:
    used = usage.spent_this_month(association.pk, clock.now())
    amount = (used / plan.share + plan.room).quantize(Decimal("0.01"), rounding=ROUND_UP)
    try:
        setting.set_budgets(
            _main(controller_id),
            association_ids=[association.pk],
            wish=_wish(plan, amount if used else SMALLEST),
        )
    except (QuotaInsufficient, TypeNotGranted):
        # A reseller of the demo whose grant is smaller: it has something to ask its distributor for.
        return


def _wish(plan: Plan, amount: Decimal) -> setting.Wish:
    # Who lets a budget freeze resources has agreed to it.
    freezes = plan.action == ExhaustionAction.RESTRICT_FREEZE
    version = agreement.in_force(clock.now()).version if freezes else ""
    return setting.Wish(plan.type, amount, plan.action, agreed_version=version)


def _main(account_id: int) -> Actor:
    """The main user of a demo account, as a job: nobody is there to read a code."""
    user = User.objects.select_related("account").get(account=account_id, is_main=True)
    return replace(actor_for(user), is_system=True)
