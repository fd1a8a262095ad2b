"""Organization members: create, modify, give roles, lock, reset password, delete (02 §3.1.1.3-5).

Nobody becomes more through these services than it is: who acts must hold every permission that it
gives, and every permission of the member it changes (a new password or e-mail would be a way to them).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

import audit.services
import outbox.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import refuse_stale

from .. import locks, rules
from ..choices import AccessKeyStatus, SystemRole, UserStatus
from ..models import AccessKey, Account, Role, RoleAssignment, User
from ..permissions import MANAGE_MEMBERS, VIEW_MEMBERS
from ..queries import members as queries
from ..queries.actors import permissions_held
from ..refusals import (
    AlreadySo,
    EmailTaken,
    MainAccountStays,
    MemberAboveYou,
    MoreThanYouHold,
    OnlyAdminGivesAdmin,
    OwnMember,
    UsernameTaken,
)
from ..signals import member_deleted, portfolio_role_lost
from . import creation, links

#: What pages mask and ``reveal`` shows.
MASKED_FIELDS = ("mobile", "email")

_TAKEN = {
    "user_username_unique_in_account": UsernameTaken,
    "user_email_unique_in_account": EmailTaken,
}


@dataclass(frozen=True)
class MemberDetails:
    """What can be modified at a member; phone numbers are E.164, the office phone is free text."""

    name: str
    mobile: str
    email: str
    office_phone: str = ""


@transaction.atomic(durable=True)
def create_member(
    actor: Actor,
    *,
    username: str,
    password_hash: str,
    details: MemberDetails,
    role_ids: Collection[int],
    director_id: int | None = None,
) -> User:
    """Create a member with its roles and tell it by e-mail, without the password (02-USR-06).

    ``password_hash`` is Django's; the member must change the password at its first sign-in. Raises
    RoleRequired, TooManyRoles, RolesExcludeEachOther, MoreThanYouHold, OnlyAdminGivesAdmin,
    UsernameTaken, EmailTaken, NotADirector, NotAManager, NotFound.
    """
    actor.require(MANAGE_MEMBERS)
    director = locks.lock_members(actor, {director_id})[director_id] if director_id else None
    roles = _roles_to_give(actor, role_ids)
    _refuse_giving(actor, roles)
    moment = clock.now()
    with _naming_what_is_taken():
        user = creation.create_user(
            account=Account.objects.get(pk=actor.account_id),
            username=username,
            password_hash=password_hash,
            must_change_password=True,
            moment=moment,
            **asdict(details),
        )
    _assign(user, roles, moment)
    after = {"username": username, **asdict(details), "roles": _names(roles)}
    audit.services.record(actor, "accounts.member.created", user, after=after)
    if director:
        links.set_director(actor, user, director, moment)
    _tell(user, "member_created")
    return user


@transaction.atomic(durable=True)
def modify_member(
    actor: Actor,
    user_id: int,
    *,
    details: MemberDetails,
    status: UserStatus,
    director_id: int | None,
    seen: str,
) -> User:
    """Save a member's details, status and account director (02-USR-11, USR-12, S-05).

    ``status`` is Normal or Locked. Raises OwnMember when a member locks itself, MemberAboveYou,
    MainAccountStays, Stale, EmailTaken, NotADirector, NotAManager, NotFound.
    """
    actor.require(MANAGE_MEMBERS)
    found = locks.lock_members(actor, {user_id, director_id} - {None})  # type: ignore[arg-type]
    user = found[user_id]
    _refuse_touching(actor, user)
    present = queries.director_of(user)
    refuse_stale(seen, queries.seen_of(user, present.pk if present else None))
    if status != user.status:
        _refuse_own(actor, user)
        _set_status(actor, user, status)
    with _naming_what_is_taken():
        _save_details(actor, user, details)
    links.set_director(actor, user, found[director_id] if director_id else None, clock.now())
    return user


@transaction.atomic(durable=True)
def assign_roles(actor: Actor, user_id: int, *, role_ids: Collection[int], seen: str) -> User:
    """Give a member these roles and no others (02-ROL-09).

    Losing Account director leaves its managers without a director (02-ROL-08); losing Account manager
    ends its customers' assignments (S-08). Raises what create_member raises for roles, OwnMember,
    MemberAboveYou, MainAccountStays, Stale, NotFound.
    """
    actor.require(MANAGE_MEMBERS)
    user = locks.lock_members(actor, {user_id})[user_id]
    roles = _roles_to_give(actor, role_ids)
    _refuse_own(actor, user)
    _refuse_touching(actor, user)
    refuse_stale(seen, queries.seen_roles(user))
    before = queries.roles_of(user)
    _refuse_giving(actor, [role for role in roles if role not in before])
    moment = clock.now()
    RoleAssignment.objects.filter(user=user).exclude(role__in=roles).delete()
    _assign(user, [role for role in roles if role not in before], moment)
    audit.services.record(
        actor,
        "accounts.member.roles_assigned",
        user,
        before={"roles": _names(before)},
        after={"roles": _names(roles)},
    )
    _follow_lost_roles(actor, user, _codes(before), _codes(roles), moment)
    return user


@transaction.atomic(durable=True)
def lock_member(actor: Actor, user_id: int) -> User:
    """Lock a member and end its sessions (02-USR-12); its customers stay assigned (S-07).

    Raises AlreadySo, OwnMember, MemberAboveYou, MainAccountStays, NotFound.
    """
    return _switch(actor, user_id, UserStatus.LOCKED)


@transaction.atomic(durable=True)
def unlock_member(actor: Actor, user_id: int) -> User:
    """Let a locked member sign in again. Raises what lock_member raises."""
    return _switch(actor, user_id, UserStatus.NORMAL)


@transaction.atomic(durable=True)
def reset_password(actor: Actor, user_id: int, *, password: str) -> User:
    """Set a member's password without the old one; the member changes it at once (02-USR-13).

    Ends its sessions. Raises OwnMember, MemberAboveYou, MainAccountStays, NotFound.
    """
    user = _member_to_change(actor, user_id)
    user.password = make_password(password)
    user.must_change_password = True
    user.session_epoch += 1
    user.save(update_fields=["password", "must_change_password", "session_epoch"])
    audit.services.record(actor, "accounts.member.password_reset", user)
    _tell(user, "member_password_reset")
    return user


@transaction.atomic(durable=True)
def delete_member(actor: Actor, user_id: int) -> User:
    """Delete a member: it signs in no more, its row stays for the history (02-USR-14, S-07).

    Username and e-mail become free, roles and open director links end, access keys are disabled; the
    floors above end what they keep. Raises OwnMember, MemberAboveYou, MainAccountStays, NotFound.
    """
    user = _member_to_change(actor, user_id)
    moment = clock.now()
    before = {"status": user.status, "roles": _names(queries.roles_of(user))}
    RoleAssignment.objects.filter(user=user).delete()
    links.end_links_of(user, moment, as_director=True, as_manager=True)
    keys = AccessKey.objects.filter(user=user, status=AccessKeyStatus.ENABLED)
    disabled = keys.update(status=AccessKeyStatus.DISABLED)
    user.status = UserStatus.DELETED
    user.deleted_at = moment
    user.session_epoch += 1
    user.save(update_fields=["status", "deleted_at", "session_epoch"])
    after = {"status": str(UserStatus.DELETED), "roles": [], "access_keys_disabled": disabled}
    audit.services.record(actor, "accounts.member.deleted", user, before=before, after=after)
    member_deleted.send(User, user=user, actor=actor, moment=moment)
    return user


@transaction.atomic(durable=True)
def reveal(actor: Actor, user_id: int, *, field: str) -> str:
    """The member's mobile number or e-mail in full; that somebody saw it is recorded.

    Raises NotFound, also for any other field.
    """
    actor.require(VIEW_MEMBERS)
    if field not in MASKED_FIELDS:
        raise NotFound
    user = queries.get_member(actor, user_id)
    audit.services.record(actor, "accounts.member.revealed", user, after={"field": field})
    return str(getattr(user, field))


def _member_to_change(actor: Actor, user_id: int) -> User:
    actor.require(MANAGE_MEMBERS)
    user = locks.lock_members(actor, {user_id})[user_id]
    _refuse_own(actor, user)
    _refuse_touching(actor, user)
    return user


def _switch(actor: Actor, user_id: int, status: UserStatus) -> User:
    user = _member_to_change(actor, user_id)
    if user.status == status:
        raise AlreadySo
    _set_status(actor, user, status)
    return user


def _set_status(actor: Actor, user: User, status: UserStatus) -> None:
    before = user.status
    user.status = status
    if status == UserStatus.LOCKED:
        user.session_epoch += 1
    user.save(update_fields=["status", "session_epoch"])
    verb = "locked" if status == UserStatus.LOCKED else "unlocked"
    audit.services.record(
        actor,
        f"accounts.member.{verb}",
        user,
        before={"status": before},
        after={"status": str(status)},
    )


def _save_details(actor: Actor, user: User, details: MemberDetails) -> None:
    values = asdict(details)
    changed = {name: value for name, value in values.items() if value != getattr(user, name)}
    if not changed:
        return
    before = {name: getattr(user, name) for name in changed}
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    audit.services.record(actor, "accounts.member.modified", user, before=before, after=changed)


def _follow_lost_roles(
    actor: Actor, user: User, before: set[str], after: set[str], moment: datetime
) -> None:
    lost = before - after
    links.end_links_of(
        user,
        moment,
        as_director=SystemRole.DIRECTOR in lost,
        as_manager=SystemRole.MANAGER in lost,
    )
    if rules.loses_customers(before, after):
        portfolio_role_lost.send(User, user=user, actor=actor, moment=moment)


def _roles_to_give(actor: Actor, role_ids: Collection[int]) -> list[Role]:
    roles = locks.lock_roles(actor, role_ids)
    if refusal := rules.refuse_roles([rules.RoleFacts(r.name, r.system_code) for r in roles]):
        raise refusal
    return roles


def _refuse_giving(actor: Actor, roles: Collection[Role]) -> None:
    """Nobody gives a role that holds more than it does itself, nor Admin without being one."""
    if SystemRole.ADMIN in _codes(roles) and not queries.is_admin(actor):
        raise OnlyAdminGivesAdmin
    given = permissions_held(roles, actor.audience)
    if missing := {code for code in given if not actor.can(code)}:
        raise MoreThanYouHold(rules.labels_of(missing), field="roles")


def _refuse_own(actor: Actor, user: User) -> None:
    if user.pk == actor.user_id:
        raise OwnMember


def _refuse_touching(actor: Actor, user: User) -> None:
    """Refuse the main account, and members who hold more than the actor."""
    if user.is_main:
        raise MainAccountStays
    above_admin = SystemRole.ADMIN in _codes(queries.roles_of(user))
    if above_admin and not queries.is_admin(actor):
        raise MemberAboveYou(str(user))
    if not all(actor.can(code) for code in queries.permissions_of(user)):
        raise MemberAboveYou(str(user))


def _assign(user: User, roles: Collection[Role], moment: datetime) -> None:
    RoleAssignment.objects.bulk_create(
        RoleAssignment(account_id=user.account_id, user=user, role=role, assigned_at=moment)
        for role in roles
    )


def _names(roles: Collection[Role]) -> list[str]:
    return sorted(role.name for role in roles)


def _codes(roles: Collection[Role]) -> set[str]:
    """System codes of the roles; all custom ones count as the empty code."""
    return {role.system_code for role in roles}


def _tell(user: User, template: str) -> None:
    outbox.services.queue_email(
        template,
        user.email,
        {"name": user.name, "username": user.username, "account": user.account},
        account_id=user.account_id,
    )


@contextmanager
def _naming_what_is_taken() -> Iterator[None]:
    """Turn the database's refusal of a second username or e-mail into ours."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint in _TAKEN:
            raise _TAKEN[constraint] from error
        raise
