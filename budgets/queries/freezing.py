"""What the dialogs of freezing show: for whom an operation is, and for whom it is not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

import resellers.queries
from accounts.choices import PartnerKind
from customers.choices import AssociationModel
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


@dataclass(frozen=True)
class LeftOut:
    """A chosen customer that the operation is not for, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Choice:
    """A selection, divided for one operation; both by account name."""

    customers: tuple[Association, ...]
    left_out: tuple[LeftOut, ...]


def chosen(actor: Actor, association_ids: Collection[int]) -> list[Association]:
    """The customers of a selection as far as the actor sees them, by account name. Raises NotFound.

    They carry ``frozen_as``, ``controlled`` (by the actor's account) and ``releasable`` (whether an
    Unfreeze would release anything). One query.
    """
    actor.require(FREEZE_CUSTOMERS)
    live = FreezeHold.objects.filter(
        association=OuterRef("pk"), released_at=None, owner__in=rules.RELEASABLE
    )
    mine = Association.objects.filter(control.controlled_by(actor), pk=OuterRef("pk"))
    rows = reach.reachable(actor).filter(pk__in=association_ids)
    found = rows.select_related("customer", "account").annotate(
        frozen_as=F("freeze_state__state"), controlled=Exists(mine), releasable=Exists(live)
    )
    if not (listed := list(found.order_by("customer__name", "pk"))):
        raise NotFound
    return listed


def divided(actor: Actor, customers: Collection[Association], action: FreezeAction) -> Choice:
    """Those that the operation is for, and the others with the reason."""
    reasons = {row.pk: _why_not(actor, row, action) for row in customers}
    return Choice(
        tuple(row for row in customers if not reasons[row.pk]),
        tuple(LeftOut(row.customer.name, reasons[row.pk]) for row in customers if reasons[row.pk]),
    )


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
    if association.model != AssociationModel.RESELLER:
        return _("Not in the Reseller model")
    if not association.controlled:  # type: ignore[attr-defined]
        if association.account_id == actor.account_id:
            return _("Managed by your distributor")
        return _("Managed by the reseller %(name)s") % {"name": association.account.title}
    state = FreezeStatus(association.frozen_as)  # type: ignore[attr-defined]
    if not rules.may_act(action, state):
        return _("State: %(state)s") % {"state": state.label}
    if not rules.is_freeze(action) and not association.releasable:  # type: ignore[attr-defined]
        return _("Frozen by the operator or by the partner’s quota; you cannot unfreeze it")
    return ""
