"""Passwords: change, first own password of a member, forgotten password (01 §2.1, 02-LGN-03)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services
import outbox.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import name_operation
from partner_center.refusals import Refusal

from .. import locks
from ..choices import AccountStatus, CodeChannel, UserStatus
from ..models import User
from ..permissions import OWN_PROFILE
from ..queries import sign_in
from ..queries.actors import actor_for
from ..refusals import ResetCodeRefused, SamePassword, StepRefused
from . import codes, sessions

RESET = name_operation("accounts.password.reset", _("Set a new password"))


@transaction.atomic(durable=True)
def change(actor: Actor, *, password: str, proof: str, end_others: bool) -> User:
    """Set the actor's new password; ``end_others`` ends all its sessions (01-PWD-03, PWD-04).

    ``proof`` comes from ``sessions.verify_identity``. Raises IdentityProofMissing.
    """
    actor.require(OWN_PROFILE)
    sessions.refuse_unproved(actor, proof)
    user = locks.lock_user(actor.user_id or 0)
    store(user, password)
    if end_others:
        sessions.end_sessions_of(user)
    _tell(actor, user, "accounts.password.changed")
    return user


@transaction.atomic(durable=True)
def set_first(actor: Actor, *, password: str) -> User:
    """A member replaces the password that its administrator gave out (02-LGN-03).

    Raises SamePassword, and StepRefused when the member has its own password already.
    """
    user = locks.lock_user(actor.user_id or 0)
    if not user.must_change_password:
        raise StepRefused
    if user.check_password(password):
        raise SamePassword
    store(user, password)
    sessions.end_sessions_of(user)
    audit.services.record(actor, "accounts.password.first_set", user)
    return user


def store(user: User, password: str, *, must_change: bool = False) -> None:
    """Hash and save a password, inside a service that has locked the row.

    Running sessions stay: the service decides whether to call ``sessions.end_sessions_of``.
    """
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])


def request_reset(*, login: str = "", account: str = "", username: str = "") -> None:
    """Send a code to whoever is meant, if anybody: an account's main user or a member.

    A security phone gets an SMS, everything else an e-mail (01-ACC-08). Says nothing about whether
    there is such a user, nor whether a code was sent a moment ago.
    """
    user = _resettable(login, account, username)
    if user is None:
        return
    channel, target = _target(user, login)
    try:
        codes.send_to_address(user.pk, operation=RESET, channel=channel, target=target)
    except Refusal:
        return


def reset(
    *,
    login: str = "",
    account: str = "",
    username: str = "",
    code: str,
    password: str,
    ip: str | None = None,
    request_id: str = "",
) -> User:
    """Set a new password with the code that was sent, and end all sessions of the user.

    Raises ResetCodeRefused, the same for a wrong code, an expired one and an unknown user.
    """
    user = _resettable(login, account, username)
    if user is None:
        raise ResetCodeRefused
    actor = actor_for(user, ip=ip, request_id=request_id).with_code(code)
    try:
        code_id = codes.check(actor, RESET)
    except Refusal as error:
        raise ResetCodeRefused from error
    with transaction.atomic(durable=True):
        actor = codes.spend(actor, code_id)
        locked = locks.lock_user(user.pk)
        store(locked, password)
        sessions.end_sessions_of(locked)
        _tell(actor, locked, "accounts.password.reset")
    return locked


def _resettable(login: str, account: str, username: str) -> User | None:
    user = sign_in.find_main_user(login) if login else sign_in.find_member(account, username)
    if user is None or user.status != UserStatus.NORMAL:
        return None
    return user if user.account.status == AccountStatus.ACTIVE else None


def _target(user: User, login: str) -> tuple[CodeChannel, str]:
    if login and sign_in.is_security_phone(user.account, login):
        return CodeChannel.SMS, user.account.security_phone
    return CodeChannel.EMAIL, user.email


def _tell(actor: Actor, user: User, action: str) -> None:
    """Record the change and tell the user, who may not have made it."""
    audit.services.record(actor, action, user)
    if user.email:
        outbox.services.queue_email(
            "password_changed",
            user.email,
            {"name": str(user), "account_name": actor.account_name, "at": clock.now()},
            account_id=user.account_id,
        )
