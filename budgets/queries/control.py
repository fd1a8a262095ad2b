"""Who controls budgets and freezing of one customer (06 core matrix; 07-RTM-13, RFRZ-01)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

import resellers.queries
from accounts.choices import AccountStatus, PartnerKind
from accounts.models import Account
from customers.choices import AssociationModel
from customers.models import Association
from partner_center.actors import Actor
from resellers.models import ResellerAssociation

from ..choices import HoldOwner
from ..models import FreezeHold
from ..refusals import BudgetOnlyResellerModel, ManagedByReseller, NeedsDistributor
from ..rules import freezing as rules
from . import consumption


def controlled_by(actor: Actor) -> Q:
    """Condition over associations: whose budget and freezing the actor's account controls now.

    Lists and row menus use it; the services ask :func:`require_control`.
    """
    authorized = Q(resellers.queries.has_budget_grant("account_id"))
    own = Q(account_id=actor.account_id)
    if actor.partner_kind == PartnerKind.RESELLER:
        return own & authorized
    of_resellers = Q(account_id__in=resellers.queries.reseller_ids(actor.account_id))
    return own | (of_resellers & ~authorized)


@dataclass(frozen=True)
class LeftOut:
    """A chosen customer that an operation is not for, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Choice:
    """A selection, divided for one operation; both by account name."""

    customers: tuple[Association, ...]
    left_out: tuple[LeftOut, ...]


def divided(customers: Collection[Association], why: Callable[[Association], str]) -> Choice:
    """Those that an operation is for, and the others with the reason that ``why`` gives."""
    reasons = {row.pk: why(row) for row in customers}
    return Choice(
        tuple(row for row in customers if not reasons[row.pk]),
        tuple(LeftOut(row.customer.name, reasons[row.pk]) for row in customers if reasons[row.pk]),
    )


def with_control(rows: QuerySet[Association], actor: Actor) -> QuerySet[Association]:
    """The associations with ``controlled``: whether the actor's account controls them now."""
    mine = Association.objects.filter(controlled_by(actor), pk=OuterRef("pk"))
    return rows.annotate(controlled=Exists(mine))


def why_not(actor: Actor, association: Association) -> str:
    """Why a row of :func:`with_control` is not the actor's to decide about; empty when it is."""
    if association.model != AssociationModel.RESELLER:
        return _("Not in the Reseller model")
    if association.controlled:  # type: ignore[attr-defined]
        return ""
    if association.account_id == actor.account_id:
        return _("Managed by your distributor")
    return _("Managed by the reseller %(name)s") % {"name": association.account.title}


def controllers_of(associations: list[Association]) -> dict[int, tuple[HoldOwner, int] | None]:
    """By association: whose hold the controller's is, and its account; None when nobody controls it.

    One query, however many associations.
    """
    under = ResellerAssociation.objects.filter(reseller=OuterRef("pk"), ended_at=None)
    partners = Account.objects.filter(pk__in={row.account_id for row in associations}).annotate(
        distributor_id=Subquery(under.values("account_id")[:1]),
        is_authorized=resellers.queries.has_budget_grant("pk"),
    )
    found = {partner.pk: _controller(partner) for partner in partners}
    return {row.pk: found[row.account_id] for row in associations}


def _controller(partner: Account) -> tuple[HoldOwner, int] | None:
    distributor_id: int | None = partner.distributor_id  # type: ignore[attr-defined]
    owner = rules.controller(
        has_distributor=distributor_id is not None,
        is_reseller=partner.partner_kind == PartnerKind.RESELLER,
        is_authorized=partner.is_authorized,  # type: ignore[attr-defined]
    )
    if owner is None:
        return None
    return owner, partner.pk if owner == HoldOwner.PARTNER else distributor_id or 0


def require_control(actor: Actor, associations: list[Association]) -> dict[int, HoldOwner]:
    """By association: whose hold the actor's is. Raises ManagedByReseller, NeedsDistributor."""
    sides: dict[int, HoldOwner] = {}
    controllers = controllers_of(associations)
    for association in associations:
        controller = controllers[association.pk]
        if controller and controller[1] == actor.account_id:
            sides[association.pk] = controller[0]
        elif association.account_id == actor.account_id:
            raise NeedsDistributor
        else:
            raise ManagedByReseller(association.customer.title, association.account.title)
    return sides


def require_settable(actor: Actor, associations: list[Association]) -> dict[int, HoldOwner]:
    """By association: whose hold the actor's is; budgets are for the Reseller model (04-BUD-01).

    Raises BudgetOnlyResellerModel, ManagedByReseller, NeedsDistributor.
    """
    for association in associations:
        if association.model != AssociationModel.RESELLER:
            raise BudgetOnlyResellerModel(association.customer.title)
    return require_control(actor, associations)


def restricted_payers(associations: list[Association]) -> set[int]:
    """Associations whose partner, or its distributor, is frozen itself or over its quota.

    Whoever pays has used up its quota as soon as that is noted; holds follow, and go after it
    (04-BFM-11, 06-DX-12).
    """
    under = ResellerAssociation.objects.filter(
        reseller=OuterRef("account_id"), ended_at=None, account__status=AccountStatus.SUSPENDED
    )
    quota = FreezeHold.objects.filter(
        association=OuterRef("pk"), owner=HoldOwner.QUOTA, released_at=None
    )
    rows = Association.objects.filter(pk__in=[row.pk for row in associations])
    restricted = rows.filter(
        Q(account__status=AccountStatus.SUSPENDED)
        | Exists(under)
        | Exists(quota)
        | consumption.is_payer_used_up("account_id")
    )
    return set(restricted.values_list("pk", flat=True))
