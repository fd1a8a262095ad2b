"""What the dialogs of freezing show: for whom an operation is, and for whom it is not."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

import resellers.queries
from accounts.choices import PartnerKind
from customers.models import Association
from customers.permissions import VIEW_CUSTOMERS
from customers.queries import reach
from partner_center.actors import Actor, Scope
from partner_center.refusals import NotFound

from ..choices import FreezeAction, FreezeStatus
from ..models import FreezeHold, FreezeRecord
from ..permissions import FREEZE_CUSTOMERS
from ..rules import freezing as rules
from . import control
from .control import Choice


def chosen(actor: Actor, association_ids: Collection[int]) -> list[Association]:
    """The customers of a selection as far as the actor sees them, by account name. Raises NotFound.

    They carry ``frozen_as``, ``controlled`` (by the actor's account) and ``releasable`` (whether an
    Unfreeze would release anything). One query.
    """
    actor.require(FREEZE_CUSTOMERS)
    live = FreezeHold.objects.filter(
        association=OuterRef("pk"), released_at=None, owner__in=rules.RELEASABLE
    )
    rows = control.with_control(reach.reachable(actor).filter(pk__in=association_ids), actor)
    found = rows.select_related("customer", "account").annotate(
        frozen_as=F("freeze_state__state"), releasable=Exists(live)
    )
    listed: list[Association] = list(found.order_by("customer__name", "pk"))
    if not listed:
        raise NotFound
    return listed


def divided(actor: Actor, customers: Collection[Association], action: FreezeAction) -> Choice:
    """Those that the operation is for, and the others with the reason."""
    return control.divided(customers, lambda row: _why_not(actor, row, action))


def records_of(actor: Actor) -> QuerySet[FreezeRecord]:
    """Freeze records of the partner's own customers, those that have left included (04-BFM-14)."""
    actor.require(VIEW_CUSTOMERS)
    return FreezeRecord.objects.visible_to(actor)


def records_of_resellers(actor: Actor) -> QuerySet[FreezeRecord]:
    """The same of a distributor's resellers' customers. Raises NotFound for other partners."""
    actor.require(VIEW_CUSTOMERS)
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        raise NotFound
    rows = FreezeRecord.objects.filter(account__in=resellers.queries.reseller_ids(actor.account_id))
    return rows if actor.scope == Scope.ALL else rows.none()


def _why_not(actor: Actor, association: Association, action: FreezeAction) -> str:
    """Empty when the operation is for this row of :func:`chosen`."""
    if words := control.why_not(actor, association):
        return words
    state = FreezeStatus(association.frozen_as)  # type: ignore[attr-defined]
    if not rules.may_act(action, state):
        return _("State: %(state)s") % {"state": state.label}
    if not rules.is_freeze(action) and not association.releasable:  # type: ignore[attr-defined]
        return _("Frozen by the operator or by the partner’s quota; you cannot unfreeze it")
    return ""
