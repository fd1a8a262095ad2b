"""Reads of organization members: the list, one member, directors and their managers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from ..choices import SystemRole
from ..models import Account, CustomerContact, DirectorLink, Role, RoleAssignment, User
from ..permissions import VIEW_MEMBERS
from .actors import permissions_held

#: What the page Modify changes at a member (02-USR-11); the username never.
DETAIL_FIELDS = ("name", "mobile", "email", "office_phone")
#: What roles_of reads.
ROLES = "role_assignments__role"


def list_members(actor: Actor) -> QuerySet[User]:
    """The members of the actor's account; the main account is none."""
    actor.require(VIEW_MEMBERS)
    return members_of(actor)


def members_of(actor: Actor) -> QuerySet[User]:
    """The same without asking, for use cases that asked already."""
    return User.objects.visible_to(actor).present().filter(is_main=False)


def get_member(actor: Actor, user_id: int) -> User:
    """One member with its roles. Raises NotFound."""
    actor.require(VIEW_MEMBERS)
    rows = members_of(actor).select_related("account").prefetch_related(ROLES)
    if (found := rows.filter(pk=user_id).first()) is None:
        raise NotFound
    return found


def roles_of(user: User) -> list[Role]:
    """The roles that a user holds, system roles first; no query when they were prefetched."""
    found = (assignment.role for assignment in user.role_assignments.all())
    return sorted(found, key=lambda role: (not role.system_code, role.pk))


def permissions_of(user: User) -> frozenset[str]:
    """What a member's roles give it."""
    return permissions_held(roles_of(user), user.account.audience)


def is_admin(actor: Actor) -> bool:
    """Whether the actor is the main account, a job, or holds the role Admin (02 S-03)."""
    return (
        actor.is_system
        or actor.is_main
        or RoleAssignment.objects.filter(
            user_id=actor.user_id or 0, role__system_code=SystemRole.ADMIN
        ).exists()
    )


def director_of(manager: User) -> User | None:
    """The account director who manages this account manager, if there is one."""
    link = DirectorLink.objects.filter(manager=manager, ended_at=None).select_related("director")
    return found.director if (found := link.first()) else None


def managers_of(director: User) -> QuerySet[User]:
    """The account managers that a director manages now (02-ORG-08)."""
    links = DirectorLink.objects.filter(director=director, ended_at=None)
    return User.objects.filter(pk__in=links.values("manager")).order_by("name", "pk")


def holders(actor: Actor, role: SystemRole) -> QuerySet[User]:
    """Members of the account that hold a system role, in the order of their names."""
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), role__system_code=role)
    return members_of(actor).filter(Exists(held)).order_by("name", "pk")


def managers_with_directors(actor: Actor) -> QuerySet[User]:
    """All account managers, each with ``director_id`` and ``director_name`` (absent: None)."""
    link = DirectorLink.objects.filter(manager=OuterRef("pk"), ended_at=None)
    return holders(actor, SystemRole.MANAGER).annotate(
        director_id=Subquery(link.values("director_id")),
        director_name=Subquery(link.values("director__name")),
    )


def seen_of(member: User, director_id: int | None) -> str:
    """What the page Modify showed, for the stale check."""
    values = {name: getattr(member, name) for name in DETAIL_FIELDS}
    return fingerprint({**values, "status": member.status, "director": director_id})


def seen_roles(member: User) -> str:
    """The roles that the page Assign Role showed, for the stale check."""
    return fingerprint({"roles": sorted(role.pk for role in roles_of(member))})


def seen_team(director: User) -> str:
    """The account managers that the page showed, for the stale check."""
    return fingerprint({"team": sorted(managers_of(director).values_list("pk", flat=True))})


@dataclass(frozen=True)
class TabCounts:
    """How much stands behind each tab of Member Management."""

    members: int
    roles: int
    contacts: int


def tab_counts(actor: Actor) -> TabCounts:
    """The counts of the three tabs, in one query."""
    found = (
        Account.objects.filter(pk=actor.account_id)
        .values_list(
            _counted(members_of(actor)),
            _counted(Role.objects.filter(account_id=actor.account_id)),
            _counted(CustomerContact.objects.visible_to(actor)),
        )
        .get()
    )
    return TabCounts(found[0], found[1] + len(SystemRole), found[2])


def taken(actor: Actor, *, username: str, email: str) -> list[str]:
    """Which of the two another member of the account already uses; for telling early."""
    rows = User.objects.visible_to(actor).present()
    found = {"username": Q(username__iexact=username), "email": Q(email__iexact=email)}
    return [name for name, condition in found.items() if rows.filter(condition).exists()]


def managed_count() -> Coalesce:
    """Expression over users: how many account managers each directs; no query per row."""
    links = DirectorLink.objects.filter(director=OuterRef("pk"), ended_at=None)
    counted = links.order_by().values("director").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def director_name() -> Subquery:
    """Expression over users: the name of the account director, if there is one."""
    links = DirectorLink.objects.filter(manager=OuterRef("pk"), ended_at=None)
    return Subquery(links.values("director__name")[:1])


def _counted(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("account").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
