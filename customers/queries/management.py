"""Reads of Customer Management: whom a partner sees there (04-CUS-01, CUS-11; 06-DX-01, DX-04)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

import resellers.queries
from accounts.choices import CustomerLevel, PartnerKind
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor, Scope
from partner_center.refusals import NotFound

from ..choices import AuthorizationStatus
from ..models import Association, AssociationQuerySet, OnBehalfAuthorization
from ..permissions import VIEW_CUSTOMERS

#: The present assignment of an association, as ``with_manager`` joins it.
PRESENT = "present_assignment"


def list_own(actor: Actor) -> QuerySet[Association]:
    """Live associations of the actor's own account, within its scope."""
    actor.require(VIEW_CUSTOMERS)
    rows = Association.objects.visible_to(actor).live()
    return _with_authorization(with_manager(rows, clock.now()), actor)


def list_of_resellers(actor: Actor) -> QuerySet[Association]:
    """Live associations of those who are the actor's resellers now; empty for other partners.

    Assignments there are the resellers' own, so that account managers and directors of the
    distributor see none of them.
    """
    actor.require(VIEW_CUSTOMERS)
    return _with_authorization(with_manager(_of_resellers(actor), clock.now()), actor)


def get_customer(actor: Actor, association_id: int) -> Association:
    """One live association of either kind, with customer and partner. Raises NotFound."""
    actor.require(VIEW_CUSTOMERS)
    for rows in (Association.objects.visible_to(actor).live(), _of_resellers(actor)):
        found = rows.select_related("customer", "account").filter(pk=association_id).first()
        if found is not None:
            return found
    raise NotFound


def get_reseller(actor: Actor, public_id: str) -> Account:
    """The actor's reseller with this domain ID. Raises NotFound."""
    rows = resellers.queries.resellers_of(actor.account_id)
    if (found := rows.filter(reseller__public_id=public_id).first()) is None:
        raise NotFound
    return found.reseller


def has_reseller_tab(actor: Actor) -> bool:
    """Whether the actor sees its resellers' customers beside its own (06-DX-02)."""
    return actor.partner_kind == PartnerKind.DISTRIBUTOR and actor.scope == Scope.ALL


def with_manager(rows: AssociationQuerySet, moment: datetime) -> AssociationQuerySet:
    """The rows, joined with the assignment that holds at ``moment``; there is at most one.

    Costs nothing until an expression or a condition names it.
    """
    holds = Q(assignments__account=F("account"), assignments__ended_at=None) & (
        Q(assignments__ends_at=None) | Q(assignments__ends_at__gt=moment)
    )
    return rows.alias(**{PRESENT: FilteredRelation("assignments", condition=holds)})


def manager_name() -> Coalesce:
    """Expression over ``with_manager`` rows: name of who looks after the customer, or its username."""
    user = f"{PRESENT}__manager"
    return Coalesce(NullIf(F(f"{user}__name"), Value("")), F(f"{user}__username"))


def unassigned() -> Q:
    """Condition over ``with_manager`` rows: nobody looks after the customer."""
    return Q(**{f"{PRESENT}__association__isnull": True})


def managed_by(text: str) -> Q:
    """Condition over ``with_manager`` rows: somebody whose name or username contains the text."""
    user = f"{PRESENT}__manager"
    return Q(**{f"{user}__name__icontains": text}) | Q(**{f"{user}__username__icontains": text})


def in_freeze_states(*states: str) -> Q:
    """Condition: the shown state is one of these. The partner's key makes its index usable."""
    return Q(freeze_state__account=F("account"), freeze_state__state__in=states)


def level() -> Coalesce:
    """Expression: the customer's level; an account of which nothing is known has the lowest."""
    return Coalesce(F("customer__standing__level"), Value(CustomerLevel.V0.value))


def _with_authorization(rows: AssociationQuerySet, actor: Actor) -> AssociationQuerySet:
    """The rows with ``obtained``: whether the customer has authorized the actor's own account.

    Costs nothing until an expression names it.
    """
    given = OnBehalfAuthorization.objects.filter(
        association=OuterRef("pk"),
        account_id=actor.account_id,
        status=AuthorizationStatus.ACCEPTED,
    )
    return rows.alias(obtained=Exists(given))


def _of_resellers(actor: Actor) -> AssociationQuerySet:
    reach = resellers.queries.reseller_ids(actor.account_id)
    return Association.objects.live().filter(account__in=reach).within_scope(actor)
