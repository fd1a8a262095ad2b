"""Reads of roles: the list with its counts, who holds one, the tree of permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from partner_center import permissions
from partner_center.actors import Actor
from partner_center.permissions import Audience, Kind, Permission
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from .. import rules
from ..choices import RoleType
from ..models import Account, Role, User
from ..permissions import VIEW_MEMBERS
from .actors import role_permissions
from .members import members_of


def list_roles(actor: Actor) -> QuerySet[Role]:
    """System roles, then the account's own, each with ``users``: how many members hold it here."""
    actor.require(VIEW_MEMBERS)
    mine = Q(assignments__account_id=actor.account_id)
    first = Case(When(system_code="", then=Value(1)), default=Value(0))
    rows = Role.objects.visible_to(actor).annotate(users=Count("assignments", filter=mine))
    return rows.order_by(first, "pk")


def of_type(rows: QuerySet[Role], role_type: str) -> QuerySet[Role]:
    """Roles of one type; all of them for anything that is no type ("All role types")."""
    if role_type == RoleType.SYSTEM:
        return rows.exclude(system_code="")
    return rows.filter(system_code="") if role_type == RoleType.CUSTOM else rows


def get_role(actor: Actor, role_id: int) -> Role:
    """One role with ``users``. Raises NotFound."""
    if (found := list_roles(actor).filter(pk=role_id).first()) is None:
        raise NotFound
    return found


def get_custom_role(actor: Actor, role_id: int) -> Role:
    """One custom role: system-defined ones have no page to modify or delete. Raises NotFound."""
    role = get_role(actor, role_id)
    if role.system_code:
        raise NotFound
    return role


def users_with_role(actor: Actor, role: Role) -> QuerySet[User]:
    """The members of the actor's account that hold the role (02-ROL-10)."""
    return members_of(actor).filter(role_assignments__role=role).order_by("name", "pk")


def custom_role_count(actor: Actor) -> int:
    """How many custom roles the account has."""
    return Role.objects.filter(account_id=actor.account_id).count()


def custom_role_limit(actor: Actor) -> int:
    """How many custom roles the account may have (02-ROL-04)."""
    return Account.objects.values_list("max_custom_roles", flat=True).get(pk=actor.account_id)


def seen_of(role: Role) -> str:
    """What the page Modify Role showed, for the stale check."""
    return fingerprint(
        {
            "name": role.name,
            "description": role.description,
            "permissions": sorted(role.permissions),
        }
    )


#: The menu's order of the areas (02 S-04); areas that are not named here follow.
AREAS = (
    _("Home"),
    _("Partner Information"),
    _("Partner Programs"),
    _("Organization"),
    _("Solutions"),
    _("Competencies"),
    _("Benefits"),
    _("Sales"),
    _("Financial Information"),
    _("Incentives"),
    _("Statistics"),
    _("Message Center"),
    _("Support"),
)


def _in_menu_order(found: Iterable[Permission]) -> list[Permission]:
    order = {str(area): number for number, area in enumerate(AREAS)}
    return sorted(found, key=lambda p: order.get(str(p.area), len(order)))


@dataclass(frozen=True)
class PermissionTick:
    """One tick of the permission tree."""

    permission: Permission
    chosen: bool
    #: Held before the change that the page prepares.
    before: bool
    #: False: the actor does not hold it and so can neither give nor take it.
    changeable: bool

    @property
    def change(self) -> str:
        """added, removed, or empty."""
        if self.chosen == self.before:
            return ""
        return "added" if self.chosen else "removed"


@dataclass(frozen=True)
class PermissionEntry:
    """A menu entry with its View and Manage ticks and the fine rights below it."""

    label: str
    view: PermissionTick | None
    manage: PermissionTick | None
    fine: list[PermissionTick]

    @property
    def ticks(self) -> list[PermissionTick]:
        """All ticks of the entry."""
        return [tick for tick in (self.view, self.manage, *self.fine) if tick]


@dataclass(frozen=True)
class PermissionArea:
    """A top menu with its entries."""

    label: str
    entries: list[PermissionEntry] = field(default_factory=list)

    @property
    def ticks(self) -> list[PermissionTick]:
        """All ticks of the area."""
        return [tick for entry in self.entries for tick in entry.ticks]

    @property
    def chosen_count(self) -> int:
        """How many of the area's permissions are chosen."""
        return sum(tick.chosen for tick in self.ticks)


def permission_tree(
    actor: Actor, chosen: Collection[str], before: Collection[str] = ()
) -> list[PermissionArea]:
    """The offered permissions by area and menu entry, in the menu's order (S-04)."""
    ticks: dict[str, dict[str, list[PermissionTick]]] = {}
    for permission in _in_menu_order(rules.offered_permissions(actor.audience)):
        tick = PermissionTick(
            permission,
            chosen=permission.code in chosen,
            before=permission.code in before,
            changeable=actor.can(permission.code),
        )
        area = ticks.setdefault(str(permission.area), {})
        area.setdefault(str(permission.entry), []).append(tick)
    return [
        PermissionArea(area, [_entry(label, found) for label, found in entries.items()])
        for area, entries in ticks.items()
    ]


def _entry(label: str, ticks: list[PermissionTick]) -> PermissionEntry:
    of_kind: dict[Kind, list[PermissionTick]] = {kind: [] for kind in Kind}
    for tick in ticks:
        of_kind[tick.permission.kind].append(tick)
    view, manage = of_kind[Kind.VIEW], of_kind[Kind.MANAGE]
    # An entry has one View and one Manage right; further ones stand below it like fine rights.
    return PermissionEntry(
        label,
        view[0] if view else None,
        manage[0] if manage else None,
        [*view[1:], *manage[1:], *of_kind[Kind.FINE]],
    )


def included_labels(audience: Audience) -> list[str]:
    """The entries that come with every role (02-ROL-05)."""
    found = _in_menu_order(p for p in permissions.catalogue(audience) if p.default)
    return [str(entry) for entry, _group in groupby(found, key=lambda p: p.entry)]


def admin_only_labels(audience: Audience) -> list[str]:
    """The permissions that only Admin holds and no custom role can be given."""
    return [str(p.label) for p in permissions.catalogue(audience) if p.admin_only]


def held_by_role(role: Role, audience: Audience) -> frozenset[str]:
    """What the role gives its users, defaults included."""
    return role_permissions(role, audience)


@dataclass(frozen=True)
class RoleRow:
    """One row of the role table in Create User and Assign Role."""

    role: Role
    chosen: bool
    #: Why it cannot be ticked now; empty when it can.
    blocked: str


def role_rows(rows: Collection[Role], chosen: Collection[Role]) -> list[RoleRow]:
    """The roles with what speaks against ticking each, given the ones already chosen."""
    held = [rules.RoleFacts(role.name, role.system_code) for role in chosen]
    found = []
    for role in rows:
        is_chosen = role in chosen
        facts = rules.RoleFacts(role.name, role.system_code)
        refusal = None if is_chosen else rules.refuse_roles([*held, facts])
        found.append(RoleRow(role, is_chosen, rules.words_against(facts, held) if refusal else ""))
    return found
