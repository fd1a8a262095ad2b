"""What the cloud operator does to accounts, users, keys and agreements, from its admin pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from .. import locks, rules
from ..choices import AccessKeyStatus, AccountStatus, PartnerKind, UserStatus
from ..models import AccessKey, Account, AgreementDocument, User
from ..permissions import (
    OPERATE_ACCOUNTS,
    OPERATE_AGREEMENTS,
    OPERATE_KEYS,
    OPERATE_USERS,
    VIEW_ALL_USERS,
)
from ..refusals import (
    AlreadySo,
    MainUserStays,
    OperatorAccountStays,
    ReasonMissing,
    UserIsDeleted,
    VersionTaken,
)
from . import kinds

#: What the operator corrects at an account, on the partner's ticket (01-CSP-08).
CORRECTED_FIELDS = ("full_name", "tax_id", "max_custom_roles", *rules.ADDRESS_FIELDS)


@transaction.atomic(durable=True)
def correct_account(
    actor: Actor, account_id: int, *, values: Mapping[str, Any], seen: str
) -> Account:
    """Correct company data, also where the partner itself may not, and the limit of custom roles.

    ``values`` names fields of ``CORRECTED_FIELDS``. Raises Stale.
    """
    actor.require(OPERATE_ACCOUNTS)
    account = locks.lock_account(account_id)
    refuse_stale(seen, fingerprint_of(account, CORRECTED_FIELDS))
    given = [name for name in CORRECTED_FIELDS if name in values]
    changed = {name: values[name] for name in given if values[name] != getattr(account, name)}
    if changed:
        _save(actor, account, changed, "accounts.account.corrected")
    return account


@critical_operation("accounts.set_partner_kind", _("Set the partner kind of an account"))
def set_partner_kind(actor: Actor, account_id: int, *, kind: PartnerKind) -> Account:
    """Make the account a partner of another kind, or none; the floors above are told.

    Raises OperatorAccountStays, AlreadySo, and whatever a floor above refuses.
    """
    actor.require(OPERATE_ACCOUNTS)
    account = locks.lock_account(account_id)
    if account.is_operator:
        raise OperatorAccountStays
    if account.partner_kind == kind:
        raise AlreadySo
    kinds.confer(actor, account, kind)
    return account


@critical_operation("accounts.suspend_account", _("Suspend an account"))
def suspend_account(actor: Actor, account_id: int, *, reason: str) -> Account:
    """Close the account: nobody of it signs in and running sessions end with the next request.

    Raises OperatorAccountStays, ReasonMissing, AlreadySo.
    """
    actor.require(OPERATE_ACCOUNTS)
    account = locks.lock_account(account_id)
    if account.is_operator:
        raise OperatorAccountStays
    return _set_status(actor, account, AccountStatus.SUSPENDED, reason)


@transaction.atomic(durable=True)
def activate_account(actor: Actor, account_id: int, *, reason: str) -> Account:
    """Open a suspended account again. Raises ReasonMissing, AlreadySo."""
    actor.require(OPERATE_ACCOUNTS)
    return _set_status(actor, locks.lock_account(account_id), AccountStatus.ACTIVE, reason)


@transaction.atomic(durable=True)
def lock_user(actor: Actor, user_id: int) -> User:
    """Lock a user of any account and end its sessions. Raises MainUserStays, AlreadySo."""
    user = _user_to_operate(actor, user_id)
    if user.is_main:
        raise MainUserStays
    if user.status == UserStatus.LOCKED:
        raise AlreadySo
    _end_sessions(user)
    _save_user(actor, user, UserStatus.LOCKED, "accounts.user.locked")
    return user


@transaction.atomic(durable=True)
def unlock_user(actor: Actor, user_id: int) -> User:
    """Unlock a locked user of any account. Raises AlreadySo."""
    user = _user_to_operate(actor, user_id)
    if user.status == UserStatus.NORMAL:
        raise AlreadySo
    _save_user(actor, user, UserStatus.NORMAL, "accounts.user.unlocked")
    return user


@transaction.atomic(durable=True)
def end_sessions(actor: Actor, user_id: int) -> User:
    """Sign the user out everywhere."""
    user = _user_to_operate(actor, user_id)
    _end_sessions(user)
    audit.services.record(actor, "accounts.user.sessions_ended", user, account_id=user.account_id)
    return user


@critical_operation("accounts.reset_second_factor", _("Reset the second factor of a user"))
def reset_second_factor(actor: Actor, user_id: int) -> User:
    """Take the second factor off a user that lost its device. Raises AlreadySo when it has none."""
    user = _user_to_operate(actor, user_id)
    removed, _per_model = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise AlreadySo(str(_("Nothing was changed: this user has no second factor.")))
    _end_sessions(user)
    audit.services.record(
        actor, "accounts.user.second_factor_reset", user, account_id=user.account_id
    )
    return user


@transaction.atomic(durable=True)
def record_view(actor: Actor, user_id: int) -> None:
    """Record that the operator looked at a user's e-mail and phone."""
    actor.require(VIEW_ALL_USERS)
    user = User.objects.get(pk=user_id)
    audit.services.record(actor, "accounts.user.viewed", user, account_id=user.account_id)


@transaction.atomic(durable=True)
def block_access_key(actor: Actor, key_id: int) -> AccessKey:
    """Block a key of any account; its account cannot enable it. Raises NotFound, AlreadySo."""
    return _move_key(
        actor,
        key_id,
        (AccessKeyStatus.ENABLED, AccessKeyStatus.DISABLED),
        AccessKeyStatus.BLOCKED,
        "accounts.access_key.blocked",
    )


@transaction.atomic(durable=True)
def release_access_key(actor: Actor, key_id: int) -> AccessKey:
    """End the block; the key stays disabled until its account enables it. Raises as above."""
    return _move_key(
        actor,
        key_id,
        (AccessKeyStatus.BLOCKED,),
        AccessKeyStatus.DISABLED,
        "accounts.access_key.released",
    )


def _move_key(
    actor: Actor,
    key_id: int,
    possible: tuple[AccessKeyStatus, ...],
    status: AccessKeyStatus,
    action: str,
) -> AccessKey:
    actor.require(OPERATE_KEYS)
    key = AccessKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound
    if key.status not in possible:
        raise AlreadySo
    before, key.status = key.status, status
    key.save(update_fields=["status"])
    audit.services.record(
        actor,
        action,
        key,
        before={"status": before},
        after={"status": status},
        account_id=key.account_id,
    )
    return key


@transaction.atomic(durable=True)
def publish_agreement(
    actor: Actor, *, code: str, version: str, title: str, body: str
) -> AgreementDocument:
    """Publish a new version of an agreement; earlier ones and their signatures stay.

    Raises VersionTaken.
    """
    actor.require(OPERATE_AGREEMENTS)
    try:
        with transaction.atomic():
            document = AgreementDocument.objects.create(
                code=code, version=version, title=title, body=body, published_at=clock.now()
            )
    except IntegrityError as error:
        raise VersionTaken from error
    audit.services.record(
        actor,
        "accounts.agreement.published",
        document,
        after={"code": code, "version": version, "title": title},
    )
    return document


def _set_status(actor: Actor, account: Account, status: AccountStatus, reason: str) -> Account:
    if not reason.strip():
        raise ReasonMissing
    if account.status == status:
        raise AlreadySo
    action = "suspended" if status == AccountStatus.SUSPENDED else "activated"
    _save(
        actor,
        account,
        {"status": str(status)},
        f"accounts.account.{action}",
        extra={"reason": reason.strip()},
    )
    return account


def _save(
    actor: Actor,
    account: Account,
    changed: Mapping[str, Any],
    action: str,
    *,
    extra: Mapping[str, Any] | None = None,
) -> None:
    before = {name: getattr(account, name) for name in changed}
    for name, value in changed.items():
        setattr(account, name, value)
    account.save(update_fields=list(changed))
    audit.services.record(
        actor,
        action,
        account,
        before=before,
        after={**changed, **(extra or {})},
        account_id=account.pk,
    )


def _user_to_operate(actor: Actor, user_id: int) -> User:
    actor.require(OPERATE_USERS)
    user = locks.lock_user(user_id)
    if user.status == UserStatus.DELETED:
        raise UserIsDeleted
    return user


def _end_sessions(user: User) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])


def _save_user(actor: Actor, user: User, status: UserStatus, action: str) -> None:
    before = user.status
    user.status = status
    user.save(update_fields=["status"])
    audit.services.record(
        actor,
        action,
        user,
        before={"status": before},
        after={"status": status},
        account_id=user.account_id,
    )
