"""Custom roles (02 §3.1.1.4). System-defined roles are in the code and never written here."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

import audit.services
from partner_center import clock, permissions
from partner_center.actors import Actor
from partner_center.refusals import Refusal
from partner_center.stale import refuse_stale

from .. import locks, rules
from ..models import Role, RoleAssignment
from ..permissions import MANAGE_ROLES
from ..queries import roles as queries
from ..refusals import (
    CustomRolesFull,
    MoreThanYouHold,
    PermissionNotOffered,
    PermissionRequired,
    RoleHasUsers,
    RoleNameTaken,
    SystemRoleStays,
)


@transaction.atomic(durable=True)
def create_role(actor: Actor, *, name: str, description: str, codes: Collection[str]) -> Role:
    """Create a custom role (02-ROL-03 to 05). View rights come with what needs them.

    Raises CustomRolesFull, RoleNameTaken, PermissionRequired, PermissionNotOffered, MoreThanYouHold.
    """
    actor.require(MANAGE_ROLES)
    account = locks.lock_account(actor.account_id)
    if queries.custom_role_count(actor) >= account.max_custom_roles:
        raise CustomRolesFull(account.max_custom_roles)
    chosen = _complete(actor, codes, before=frozenset())
    _refuse_taken_name(actor, name)
    role = Role.objects.create(
        account=account,
        name=name,
        description=description,
        permissions=sorted(chosen),
        created_at=clock.now(),
    )
    audit.services.record(actor, "accounts.role.created", role, after=_values(role))
    return role


@transaction.atomic(durable=True)
def modify_role(
    actor: Actor,
    role_id: int,
    *,
    name: str,
    description: str,
    codes: Collection[str],
    seen: str,
) -> Role:
    """Change a custom role, at once for all who hold it (02-ROL-12).

    Raises NotFound, SystemRoleStays, Stale, and what create_role raises but the limit.
    """
    actor.require(MANAGE_ROLES)
    role = _lock_custom(actor, role_id)
    refuse_stale(seen, queries.seen_of(role))
    before = _values(role)
    chosen = _complete(actor, codes, before=frozenset(role.permissions))
    _refuse_taken_name(actor, name, except_role=role)
    role.name, role.description, role.permissions = name, description, sorted(chosen)
    try:
        with transaction.atomic():
            role.save(update_fields=["name", "description", "permissions"])
    except IntegrityError as error:
        raise RoleNameTaken from error
    after = _values(role)
    changed = [key for key, value in after.items() if value != before[key]]
    audit.services.record(
        actor,
        "accounts.role.modified",
        role,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
    )
    return role


@transaction.atomic(durable=True)
def delete_role(actor: Actor, role_id: int) -> None:
    """Delete a custom role that no user has (02-ROL-13).

    Raises NotFound, SystemRoleStays, RoleHasUsers.
    """
    actor.require(MANAGE_ROLES)
    role = _lock_custom(actor, role_id)
    if count := RoleAssignment.objects.filter(role=role).count():
        raise RoleHasUsers(count)
    audit.services.record(actor, "accounts.role.deleted", role, before=_values(role))
    role.delete()


def _lock_custom(actor: Actor, role_id: int) -> Role:
    role = locks.lock_roles(actor, {role_id})[0]
    if role.system_code:
        raise SystemRoleStays
    return role


def _complete(actor: Actor, codes: Collection[str], *, before: frozenset[str]) -> frozenset[str]:
    """The codes to store, with their View rights; what the actor lacks must stay as it is.

    Stored codes that no app defines any more are dropped.
    """
    before &= permissions.codes(actor.audience)
    offered = {p.code for p in rules.offered_permissions(actor.audience)}
    wanted = frozenset(codes) - permissions.default_codes(actor.audience)
    if refusal := _refuse_codes(wanted, offered | before):
        raise refusal
    chosen = rules.with_views(wanted, actor.audience)
    if lacking := {code for code in chosen ^ before if not actor.can(code)}:
        raise MoreThanYouHold(rules.labels_of(lacking), field="permissions")
    return chosen


def _refuse_codes(wanted: frozenset[str], possible: set[str]) -> Refusal | None:
    if not wanted:
        return PermissionRequired()
    return None if wanted <= possible else PermissionNotOffered()


def _refuse_taken_name(actor: Actor, name: str, *, except_role: Role | None = None) -> None:
    others = Role.objects.visible_to(actor).filter(name__iexact=name)
    if others.exclude(pk=except_role.pk if except_role else None).exists():
        raise RoleNameTaken


def _values(role: Role) -> dict[str, object]:
    return {
        "name": role.name,
        "description": role.description,
        "permissions": list(role.permissions),
    }
