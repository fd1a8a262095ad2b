"""What the API does with freezing and budgets: one customer's refusal is not another's (api-B.5)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal

from ..choices import AdjustmentSource, BudgetType, ExhaustionAction, FreezeStatus, Strength
from ..locks import lock_for_budgets
from ..models import Budget, BudgetAdjustment
from ..permissions import FREEZE_CUSTOMERS, SET_BUDGETS
from ..queries import agreement
from ..refusals import StateHasChanged
from . import freezing, setting

_STRONGEST = ExhaustionAction.RESTRICT_FREEZE


@freezing.FREEZE
def freeze_each(
    actor: Actor, *, association_ids: Collection[int], strength: Strength, reason: str
) -> dict[int, Refusal]:
    """Freeze each of these customers by itself; returns why some were not, by association.

    One that is frozen as strongly already stays as it is and is no failure (api-A.9). Raises
    ReasonMissing, ReasonTooLong.
    """
    actor.require(FREEZE_CUSTOMERS)
    reason, moment = freezing.valid_reason(reason), clock.now()

    def freeze(association_id: int) -> None:
        freezing.carry_out_freeze(
            actor,
            association_ids=[association_id],
            strength=strength,
            reason=reason,
            moment=moment,
        )

    return _each(association_ids, freeze, fine=frozenset(FreezeStatus))


@freezing.UNFREEZE
def unfreeze_each(
    actor: Actor, *, association_ids: Collection[int], strength: Strength, reason: str
) -> dict[int, Refusal]:
    """Unfreeze each of these customers by itself; returns why some were not, by association.

    ``strength`` must be that of the freeze in force (api-B.6). One that is not frozen stays as it is
    and is no failure. Raises ReasonMissing, ReasonTooLong.
    """
    actor.require(FREEZE_CUSTOMERS)
    reason, moment = freezing.valid_reason(reason), clock.now()

    def unfreeze(association_id: int) -> None:
        freezing.carry_out_unfreeze(
            actor,
            association_ids=[association_id],
            strength=strength,
            reason=reason,
            moment=moment,
        )

    return _each(association_ids, unfreeze, fine=frozenset({FreezeStatus.NORMAL}))


def _each(
    association_ids: Collection[int],
    do: Callable[[int], None],
    *,
    fine: Collection[FreezeStatus],
) -> dict[int, Refusal]:
    """One after the other by key, as everybody locks them. In a state of ``fine`` nothing is to do."""
    refused: dict[int, Refusal] = {}
    for association_id in sorted(set(association_ids)):
        try:
            with transaction.atomic():
                do(association_id)
        except StateHasChanged as refusal:
            if refusal.state not in fine:
                refused[association_id] = refusal
        except Refusal as refusal:
            refused[association_id] = refusal
    return refused


@dataclass(frozen=True)
class Request:
    """What a call sets, in USD. ``action`` None: as it is, Manual Freezing at first (api-B.11)."""

    type: BudgetType
    amount: Decimal
    action: ExhaustionAction | None = None
    unfreezes: bool = False


@setting.SETS
def set_budget(actor: Actor, *, association_id: int, request: Request) -> None:
    """Set the budget of one customer, as :func:`budgets.services.setting.set_budgets` does.

    The strongest action stays only while its agreement is the one that was agreed to on the page: it
    cannot be agreed to here. Raises what ``set_budgets`` raises.
    """
    actor.require(SET_BUDGETS)
    moment = clock.now()
    lock_for_budgets(actor, [association_id])
    action = request.action or _present_action(association_id)
    wish = setting.Wish(
        request.type,
        request.amount,
        action,
        unfreezes=request.unfreezes,
        agreed_version=_agreed(association_id, moment) if action == _STRONGEST else "",
    )
    setting.carry_out(
        actor,
        association_ids=[association_id],
        wish=wish,
        source=AdjustmentSource.API,
        moment=moment,
    )


def _present_action(association_id: int) -> ExhaustionAction:
    rows = Budget.objects.filter(pk=association_id).values_list("action", flat=True)
    return ExhaustionAction(rows.first() or ExhaustionAction.MANUAL)


def _agreed(association_id: int, moment: datetime) -> str:
    """The version in force, if it is the one that was agreed to last; empty otherwise."""
    version = agreement.in_force(moment).version
    agreed = BudgetAdjustment.objects.filter(association=association_id).exclude(agreement="")
    last = agreed.order_by("-pk").values_list("agreement", flat=True).first()
    return version if last == version else ""
