"""What pages say about the freeze of customers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import resellers.queries
from customers.choices import AssociationModel, Side
from customers.models import Association
from customers.queries import reach
from customers.rules.disassociation import CheckItem
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from ..choices import FreezeStatus, HoldOwner, Strength
from ..models import FreezeHold, FreezeState
from ..rules import freezing as rules
from . import control


@dataclass(frozen=True)
class ShownHold:
    """One reason why the customer is frozen, as its partner reads it."""

    sentence: str
    since: datetime
    strength: str
    reason: str


@dataclass(frozen=True)
class ShownFreeze:
    """The freeze of one customer: ``templates/budgets/parts/holds.html`` shows it as ``holds``."""

    #: The word of the badge family "freeze".
    state: str
    since: datetime
    automatically_frozen: bool
    #: What stands on top of Customer Details; empty when nothing is frozen (04-CUD-01).
    banner: str
    live: tuple[ShownHold, ...]
    #: Whether budget and freezing of this customer are the actor's account's to decide.
    is_mine: bool


def freeze_of(actor: Actor, association_id: int) -> ShownFreeze:
    """The freeze of a customer that the actor sees: its own or its reseller's. Raises NotFound."""
    rows = reach.reachable(actor).select_related("account", "freeze_state")
    if (association := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    state = association.freeze_state
    live = list(live_holds([association_id]))
    controller = control.controllers_of([association])[association_id]
    return ShownFreeze(
        state=str(state.get_state_display()),
        since=state.since,
        automatically_frozen=state.automatically_frozen,
        banner=_banner(actor, association, state, live),
        live=tuple(_shown(actor, association, hold) for hold in live),
        is_mine=controller is not None and controller[1] == actor.account_id,
    )


def live_holds(association_ids: Collection[int]) -> Iterable[FreezeHold]:
    """The live holds of these associations, oldest first."""
    live = FreezeHold.objects.filter(association__in=association_ids, released_at=None)
    return live.order_by("placed_at", "pk")


def frozen_customers(account_id: int) -> QuerySet[Association]:
    """Frozen customers of the Reseller model, of a partner and of its resellers, by account name."""
    mine = Q(account_id=account_id) | Q(account_id__in=resellers.queries.reseller_ids(account_id))
    rows = Association.objects.live().filter(mine, model=AssociationModel.RESELLER)
    return rows.exclude(freeze_state__state=FreezeStatus.NORMAL).order_by("customer__name", "pk")


def state_label(state: str) -> str:
    """The words of a stored state."""
    return str(FreezeStatus(state).label)


def seen_of(association_ids: Collection[int]) -> str:
    """The fingerprint of all live holds, for the hidden field ``seen`` of a freeze dialog."""
    live = FreezeHold.objects.filter(association__in=association_ids, released_at=None)
    return fingerprint({str(key): "live" for key in live.values_list("pk", flat=True)})


def is_manually_frozen(association_id: int) -> bool:
    """Whether partner or distributor froze the customer; the default does not count (04 D-21)."""
    live = FreezeHold.objects.filter(association=association_id, released_at=None)
    return live.filter(owner__in=rules.MANUAL).exists()


def account_check(association: Association, side: Side) -> list[CheckItem]:
    """A partner unfreezes a customer before it asks for disassociation (04-ASC-04, 07-RASC-05).

    The customer may ask while it is frozen; the freeze then ends with the association (08 X-27).
    """
    if side != Side.PARTNER:
        return []
    return [
        CheckItem(
            "frozen",
            _("The customer account is not manually frozen"),
            not is_manually_frozen(association.pk),
            _("Unfreeze the customer account first."),
        )
    ]


def still_frozen(name: str, remaining: Collection[HoldOwner]) -> str:
    """Why a customer stays frozen after an unfreeze; empty when nothing holds it (07-RUFZ-04)."""
    if HoldOwner.OPERATOR in remaining:
        return _("%(name)s stays frozen: the operator has frozen it too. Contact the operator.") % {
            "name": name
        }
    if HoldOwner.QUOTA in remaining:
        return _("%(name)s stays frozen: the consumption quota of the partner is used up.") % {
            "name": name
        }
    return ""


def spared() -> str:
    """What a freeze of account and resources leaves alone, as a sentence; nothing as a rule (D-17)."""
    if not settings.FREEZE_PAY_PER_USE_ONLY:
        return ""
    return _("Yearly/monthly resources stay in service.")


def _shown(actor: Actor, association: Association, hold: FreezeHold) -> ShownHold:
    return ShownHold(
        sentence=_by(actor, association, hold),
        since=hold.placed_at,
        strength=str(hold.get_strength_display()),
        reason=hold.reason,
    )


def _by(actor: Actor, association: Association, hold: FreezeHold) -> str:
    """By whom, from where the reader stands."""
    own = association.account_id == actor.account_id
    return {
        HoldOwner.DEFAULT: _("Frozen by default at association"),
        HoldOwner.PARTNER: _("Frozen by you")
        if own
        else _("Frozen by the reseller %(name)s") % {"name": association.account.title},
        HoldOwner.DISTRIBUTOR: _("Frozen by your distributor") if own else _("Frozen by you"),
        HoldOwner.BUDGET: _("Frozen because the budget is used up"),
        HoldOwner.QUOTA: _("Frozen because the partner’s consumption quota is used up"),
        HoldOwner.OPERATOR: _("Frozen by the operator"),
    }[HoldOwner(hold.owner)]


def _banner(
    actor: Actor, association: Association, state: FreezeState, live: list[FreezeHold]
) -> str:
    """Who froze what, after the strongest hold; the actor's own before the others' (04-CUD-01)."""
    if state.state == FreezeStatus.NORMAL:
        return ""
    both = state.state == FreezeStatus.RESOURCES
    strongest = {
        HoldOwner(hold.owner) for hold in live if not both or hold.strength == Strength.RESOURCES
    }
    own = HoldOwner.PARTNER if association.account_id == actor.account_id else HoldOwner.DISTRIBUTOR
    if both:
        words = (
            _("You have frozen the account and pay-per-use resources of the customer.")
            if own in strongest
            else _("The account and pay-per-use resources of the customer are frozen.")
        )
        return f"{words} {spared()}".rstrip()
    if own in strongest:
        return _("You have frozen the account of the customer.")
    return _("The account of the customer is frozen.")
