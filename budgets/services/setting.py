"""Setting budgets: type, amount and what happens when they are used up (04 §8.3.1.2, 8.3.1.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

import audit.services
from accounts.choices import PartnerKind
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.critical import critical_operation
from partner_center.refusals import Refusal
from partner_center.stale import refuse_stale

from ..choices import AdjustmentSource, BudgetType, ExhaustionAction, FreezeStatus, HoldOwner
from ..locks import lock_for_budgets
from ..models import Budget, BudgetAdjustment, FreezeState
from ..permissions import SET_BUDGETS
from ..queries import agreement, control, quotas, usage
from ..queries import budgets as queries
from ..queries import holds as freeze_queries
from ..refusals import (
    AgreementMissing,
    AmountInvalid,
    PartnerIsFrozen,
    QuotaInsufficient,
    TypeNotGranted,
)
from ..rules import freezing as freeze_rules
from ..rules import usage as rules
from . import holds, pending

SET = "budgets.set_budget"
#: Mark of what asks for a code; the API sets with the same.
SETS = critical_operation(SET, _("Set customer budgets"))
#: Kept with the record, in the language of the records.
UNFROZEN_WITH_BUDGET = "Unfrozen together with setting the budget"


@dataclass(frozen=True)
class Wish:
    """What a partner sets, for one customer or for many alike. ``amount`` is USD; 0 withdraws."""

    type: BudgetType
    amount: Decimal
    action: ExhaustionAction
    #: Synchronously unrestrict purchases (and unfreeze resources) (04-ONE-07).
    unfreezes: bool = False
    #: Version of the agreement that was ticked; empty when none was (04-ONE-06).
    agreed_version: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one customer. ``refusal`` says why it was not unfrozen; its budget is set."""

    association: Association
    state: FreezeStatus
    #: How the customer was frozen before.
    before: FreezeStatus = FreezeStatus.NORMAL
    unfrozen: bool = False
    refusal: Refusal | None = None
    #: Owners of the holds that stay.
    remaining: tuple[HoldOwner, ...] = field(default=())


@SETS
def set_budgets(
    actor: Actor,
    *,
    association_ids: Collection[int],
    wish: Wish,
    source: AdjustmentSource = AdjustmentSource.SINGLE,
    seen: str | None = None,
) -> list[Result]:
    """Set the budget of all these customers, or of none; what was set before is replaced (04-BUD-04).

    With ``wish.unfreezes`` frozen customers are unfrozen in the same transaction; where that is
    refused, a single customer is left as it was, of a batch the budget is set and the result says why.
    ``seen``: :func:`budgets.queries.budgets.seen_of` of the page that was shown. Raises AmountInvalid,
    AgreementMissing, BudgetOnlyResellerModel, ManagedByReseller, NeedsDistributor, TypeNotGranted,
    QuotaInsufficient, PartnerIsFrozen, Stale, NotFound.
    """
    return carry_out(
        actor,
        association_ids=association_ids,
        wish=wish,
        source=source,
        seen=seen,
        moment=clock.now(),
    )


def carry_out(
    actor: Actor,
    *,
    association_ids: Collection[int],
    wish: Wish,
    source: AdjustmentSource,
    moment: datetime,
    seen: str | None = None,
) -> list[Result]:
    """:func:`set_budgets` in the caller's transaction; the rehearsal of the page calls it too."""
    actor.require(SET_BUDGETS)
    _refuse_amount(wish.amount)
    _refuse_unagreed(wish, moment)
    associations = lock_for_budgets(actor, association_ids)
    sides = control.require_settable(actor, associations)
    if seen is not None:
        refuse_stale(seen, queries.seen_of(association_ids))
    _refuse_quota(actor, associations, wish)
    unfreezing = _Unfreezing(actor, associations, sides, wish, moment)
    if len(associations) == 1 and (refusal := unfreezing.refusals.get(associations[0].pk)):
        raise refusal
    results = unfreezing.run()
    _write(_Setting(actor, wish, _source(source, sides), moment), results)
    return results


def end(actor: Actor, association: Association, moment: datetime) -> None:
    """Withdraw the budget of a locked association that has ended or left the Reseller model."""
    budget = Budget.objects.filter(pk=association.pk, amount__gt=0).first()
    if budget is None:
        return
    wish = Wish(BudgetType(budget.type), Decimal(0), ExhaustionAction(budget.action))
    result = Result(association, FreezeStatus.NORMAL)
    _write(_Setting(actor, wish, AdjustmentSource.ENDED, moment), [result])


# --- What is refused ---------------------------------------------------------------------------


def _refuse_amount(amount: Decimal) -> None:
    if not amount.is_finite() or not 0 <= amount <= rules.LARGEST:
        raise AmountInvalid
    if amount != amount.quantize(Decimal("0.01")):
        raise AmountInvalid


def _refuse_unagreed(wish: Wish, moment: datetime) -> None:
    """The strongest action asks for the agreement in force, each time it is set (04-ONE-06)."""
    if wish.amount and wish.action == ExhaustionAction.RESTRICT_FREEZE:
        document = agreement.in_force(moment)
        if not wish.agreed_version:
            raise AgreementMissing
        refuse_stale(wish.agreed_version, document.version)


def _refuse_quota(actor: Actor, associations: Sequence[Association], wish: Wish) -> None:
    """A reseller stays within what its distributor grants; a batch fits as a whole (04-BUD-10)."""
    if actor.partner_kind != PartnerKind.RESELLER or not wish.amount:
        return
    left = quotas.available(actor.account_id, wish.type, besides=[row.pk for row in associations])
    if left is None:
        raise TypeNotGranted(wish.type)
    if wish.amount * len(associations) > left:
        raise QuotaInsufficient(left)


def _source(source: AdjustmentSource, sides: dict[int, HoldOwner]) -> AdjustmentSource:
    """A distributor that sets budgets of its resellers' customers is named as such."""
    return AdjustmentSource.DISTRIBUTOR if HoldOwner.DISTRIBUTOR in set(sides.values()) else source


# --- Unfreezing at the same time ---------------------------------------------------------------


class _Unfreezing:
    """The sync box: which customers are unfrozen together with their budget."""

    def __init__(
        self,
        actor: Actor,
        associations: Sequence[Association],
        sides: dict[int, HoldOwner],
        wish: Wish,
        moment: datetime,
    ) -> None:
        self.actor, self.associations, self.sides, self.moment = actor, associations, sides, moment
        states = FreezeState.objects.in_bulk([row.pk for row in associations])
        self.states = {key: FreezeStatus(state.state) for key, state in states.items()}
        self.frozen = [
            row
            for row in associations
            if wish.unfreezes and self.states[row.pk] != FreezeStatus.NORMAL
        ]
        self.refusals = self._refusals()

    def _refusals(self) -> dict[int, Refusal]:
        restricted = control.restricted_payers(list(self.frozen))
        own = self.actor.partner_kind != PartnerKind.RESELLER
        return {
            row.pk: PartnerIsFrozen(own=own and row.account_id == self.actor.account_id)
            for row in self.frozen
            if row.pk in restricted
        }

    def run(self) -> list[Result]:
        """Release what may be released, and say what became of each customer."""
        changes = {
            change.association.pk: change
            for side in sorted({self.sides[row.pk] for row in self.frozen})
            for change in self._release(side)
        }
        stays = {key: change.remaining for key, change in changes.items()} | self._untouched(
            changes
        )
        return [
            Result(
                row,
                state=changes[row.pk].after if row.pk in changes else self.states[row.pk],
                before=self.states[row.pk],
                unfrozen=row.pk in changes and changes[row.pk].after == FreezeStatus.NORMAL,
                refusal=self.refusals.get(row.pk),
                remaining=stays.get(row.pk, ()),
            )
            for row in self.associations
        ]

    def _untouched(self, changes: Collection[int]) -> dict[int, tuple[HoldOwner, ...]]:
        """Owners of the holds of those whom nothing of the actor's was there to release."""
        keys = {row.pk for row in self.frozen} - set(changes) - set(self.refusals)
        found: dict[int, tuple[HoldOwner, ...]] = dict.fromkeys(keys, ())
        for hold in freeze_queries.live_holds(keys) if keys else ():
            found[hold.association_id] += (HoldOwner(hold.owner),)
        return found

    def _release(self, side: HoldOwner) -> list[holds.Change]:
        chosen = [
            row for row in self.frozen if self.sides[row.pk] == side and row.pk not in self.refusals
        ]
        return holds.release(
            self.actor,
            chosen,
            owners=freeze_rules.RELEASABLE,
            origin=side,
            reason=UNFROZEN_WITH_BUDGET,
            moment=self.moment,
        )


# --- Writing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Setting:
    """Who sets what, where it came from, and when."""

    actor: Actor
    wish: Wish
    source: AdjustmentSource
    moment: datetime


#: What a new setting may change of a budget that is there.
_SET_ANEW = (
    "type",
    "amount",
    "action",
    "counts_from",
    "set_by",
    "set_at",
    "period",
    "level",
    "arming",
    "forecast_told",
)


def _write(setting: _Setting, results: Sequence[Result]) -> None:
    """Budgets, adjustment records, audit, and the check that follows."""
    keys = [row.association.pk for row in results]
    before = Budget.objects.in_bulk(keys)
    drafts = [_budget(setting, row.association, before.get(row.association.pk)) for row in results]
    Budget.objects.bulk_create(
        drafts, update_conflicts=True, unique_fields=["association"], update_fields=_SET_ANEW
    )
    used = usage.used_of(keys, setting.moment)
    _arm(drafts, before, used)
    adjustments = BudgetAdjustment.objects.bulk_create(
        _adjustment(setting, row, before.get(row.association.pk), used[row.association.pk])
        for row in results
    )
    entries = zip(results, adjustments, strict=True)
    audit.services.record_each(
        setting.actor,
        [
            entry
            for row, adjustment in entries
            for entry in _entries(setting.actor, row.association, adjustment)
        ],
    )
    pending.enqueue([row.association.customer_id for row in results], setting.moment)


def _budget(setting: _Setting, association: Association, old: Budget | None) -> Budget:
    """The budget as it will be; where its thresholds stand is settled by :func:`_arm`."""
    new = Budget(
        association=association,
        account_id=association.account_id,
        customer_id=association.customer_id,
        type=setting.wish.type,
        amount=setting.wish.amount,
        action=setting.wish.action,
        counts_from=str(BillingCycle.of(setting.moment)),
        set_by_id=setting.actor.user_id,
        set_at=setting.moment,
        arming=old.arming if old else 0,
    )
    # The same budget with another amount or action goes on; any other begins a new life.
    if old and old.amount > 0 and old.type == new.type:
        new.counts_from, new.period, new.level = old.counts_from, old.period, old.level
        new.forecast_told = old.forecast_told
    return new


def _arm(drafts: Sequence[Budget], before: dict[int, Budget], used: dict[int, Decimal]) -> None:
    """Arm thresholds again that usage is now below, all of them for a new budget (04-BFM-05)."""
    changed = []
    for budget in drafts:
        old = before.get(budget.pk)
        level = rules.rearmed(budget.level, used[budget.pk], budget.amount)
        if old and level < old.level:
            budget.level, budget.arming = level, budget.arming + 1
            budget.forecast_told = None
            changed.append(budget)
    Budget.objects.bulk_update(changed, ["level", "arming", "forecast_told"], batch_size=1_000)


def _adjustment(
    setting: _Setting, result: Result, old: Budget | None, used: Decimal
) -> BudgetAdjustment:
    return BudgetAdjustment(
        account_id=result.association.account_id,
        association=result.association,
        at=setting.moment,
        actor_id=setting.actor.user_id,
        actor_name=setting.actor.full_name[:128],
        type_before=old.type if old else "",
        type_after=setting.wish.type,
        before=old.amount if old else None,
        after=setting.wish.amount,
        action_before=old.action if old else "",
        action_after=setting.wish.action,
        used=used,
        unfrozen=result.unfrozen,
        source=setting.source,
        agreement=setting.wish.agreed_version,
        code_verified=setting.actor.code_used,
    )


def _entries(
    actor: Actor, association: Association, entry: BudgetAdjustment
) -> Iterator[audit.services.Change]:
    """One audit record in the partner's book, one in a distributor's own."""
    before = {
        "type": entry.type_before,
        "amount": str(entry.before),
        "action": entry.action_before,
    }
    after = {
        "type": str(entry.type_after),
        "amount": str(entry.after),
        "action": str(entry.action_after),
        "used": str(entry.used),
        "unfrozen": entry.unfrozen,
        "source": str(entry.source),
    }
    books = {association.account_id} | (set() if actor.is_operator else {actor.account_id})
    for account_id in sorted(books):
        yield audit.services.Change(
            "budgets.budget.set",
            association,
            before=None if entry.before is None else before,
            after=after,
            account_id=account_id,
        )
