"""Whose spend an actor sees: charges and their sums, by who was whose partner at the time."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf, TruncDate

from accounts.choices import PartnerKind, SystemRole
from accounts.models import User
from customers.models import ManagerAssignment
from customers.models.assignment import AssignmentQuerySet
from partner_center.actors import Actor, Scope
from partner_center.clock import BUSINESS_ZONE
from resellers.models import ResellerAssociation

from ..permissions import VIEW_EXPENDITURE
from ..rules.spending import ATTRIBUTION_DELAY


def of_partner(actor: Actor, rows: QuerySet) -> QuerySet:
    """Charges or daily sums that count as the actor's customers' spend, within its scope.

    A distributor also sees those of its resellers of that time (06-DX-03). Spend before or after an
    association is nobody's (05-BIL-16). For account managers and directors the spend of a customer
    counts from the second day after its assignment (04-EXS-04, D-29), and only while it is theirs.
    """
    actor.require(VIEW_EXPENDITURE)
    rows = rows.filter(_reach(actor))
    if actor.scope == Scope.ALL:
        return rows
    users = actor.team if actor.scope == Scope.TEAM else {actor.user_id}
    return rows.filter(Exists(_attributed().live().filter(manager__in=users)))


def is_scoped(actor: Actor) -> bool:
    """Whether the actor sees only some of the account's customers."""
    return actor.scope != Scope.ALL


def attributed_to(manager_id: int) -> Q:
    """Condition over charges or daily sums: the spend counts for this account manager."""
    return Q(Exists(_attributed().filter(manager=manager_id)))


def manager_name() -> Subquery:
    """Expression over charges: name of the account manager for whom it counts, or its username."""
    name = Coalesce(NullIf(F("manager__name"), Value("")), F("manager__username"))
    return Subquery(_attributed().order_by("-started_at", "-pk").values_list(name)[:1])


def managers(actor: Actor) -> QuerySet[User]:
    """Account managers and directors of the actor's account whom its scope covers, by username."""
    actor.require(VIEW_EXPENDITURE)
    users = User.objects.filter(account_id=actor.account_id).filter(
        role_assignments__role__system_code__in=(SystemRole.MANAGER, SystemRole.DIRECTOR)
    )
    if actor.scope == Scope.OWN:
        users = users.filter(pk=actor.user_id)
    elif actor.scope == Scope.TEAM:
        users = users.filter(pk__in=actor.team)
    return users.order_by("username").distinct()


def _reach(actor: Actor) -> Q:
    own = Q(partner=actor.account_id)
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return own
    # Present and former resellers by name, because spend has an index by partner alone.
    ever = ResellerAssociation.objects.visible_to(actor).values_list("reseller_id", flat=True)
    return own | Q(partner__in=list(ever.distinct()), distributor=actor.account_id)


def _attributed() -> AssignmentQuerySet:
    """Assignments for which the outer row's spend counts, by its day (GMT+08:00)."""
    last_start = ExpressionWrapper(
        OuterRef("spent_on") - Value(ATTRIBUTION_DELAY), output_field=DateField()
    )
    started = TruncDate("started_at", tzinfo=BUSINESS_ZONE)
    ended = TruncDate(
        ExpressionWrapper(
            F("ended_at") - Value(timedelta(microseconds=1)),
            output_field=ManagerAssignment._meta.get_field("ended_at"),
        ),
        tzinfo=BUSINESS_ZONE,
    )
    rows = ManagerAssignment.objects.filter(association=OuterRef("association"))
    return rows.alias(started_on=started, ended_on=ended).filter(
        Q(ended_at=None) | Q(ended_on__gte=OuterRef("spent_on")), started_on__lte=last_start
    )
