"""Company information, own e-mail and mobile number, Verify It's You (01-BAS-01 to BAS-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
import outbox.services
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from .. import locks, rules
from ..choices import CodeChannel
from ..models import Account, User
from ..permissions import MANAGE_INFORMATION, OWN_PROFILE
from ..refusals import (
    AddressLocked,
    AlreadySo,
    EmailTaken,
    NoChannel,
    SameAddress,
)
from . import codes, sessions


@transaction.atomic(durable=True)
def modify_company(actor: Actor, *, values: Mapping[str, str], seen: str) -> Account:
    """Save basic information, registration address and contact (01-BAS-02).

    ``values`` names fields of ``rules.COMPANY_FIELDS``. Raises Stale, AddressLocked.
    """
    actor.require(MANAGE_INFORMATION)
    account = locks.lock_account(actor.account_id)
    refuse_stale(seen, fingerprint_of(account, rules.COMPANY_FIELDS))
    changed = _changed(account, values, rules.COMPANY_FIELDS)
    if rules.address_locked(account.partner_kind, account.address_line1) and (
        changed.keys() & set(rules.ADDRESS_FIELDS)
    ):
        raise AddressLocked
    _save(actor, account, changed, "accounts.company.modified")
    return account


@transaction.atomic(durable=True)
def change_logo(actor: Actor, *, logo: File) -> Account:
    """Put another logo in place (01-BAS-01); the picture was checked by the upload validator."""
    actor.require(MANAGE_INFORMATION)
    account = locks.lock_account(actor.account_id)
    before = account.logo.name
    account.logo = logo  # type: ignore[assignment]
    account.save(update_fields=["logo"])
    audit.services.record(
        actor,
        "accounts.logo.changed",
        account,
        before={"logo": before},
        after={"logo": account.logo.name},
    )
    if before:
        transaction.on_commit(lambda: account.logo.storage.delete(before))
    return account


@critical_operation("accounts.switch_verification", _("Switch off Verify It’s You"))
def switch_verification(actor: Actor, *, on: bool) -> Account:
    """Switch Verify It's You for the account (01-BAS-05, 08-AXO-01).

    Switching off asks for a code like any critical operation; switching on asks for none. Raises
    NotFound for accounts without critical operations (08-AXO-06), AlreadySo, NoChannel when the
    actor itself could not receive a code.
    """
    actor.require(MANAGE_INFORMATION)
    if not rules.has_verification_switch(actor.audience):
        raise NotFound
    account = locks.lock_account(actor.account_id)
    if account.verifies == on:
        raise AlreadySo
    if on and not _can_receive_codes(actor):
        raise NoChannel
    _save(actor, account, {"verifies": on}, "accounts.verification.switched")
    return account


def send_code_to_new_address(
    actor: Actor, *, proof: str, channel: CodeChannel, target: str
) -> None:
    """Send a code to the new e-mail or mobile number. Raises what the change itself would raise."""
    actor.require(OWN_PROFILE)
    sessions.refuse_unproved(actor, proof)
    user = User.objects.visible_to(actor).get(pk=actor.user_id)
    _refuse_address(user, channel=channel, target=target)
    codes.send_to_target(
        operation=new_address_operation(actor, channel),
        channel=channel,
        target=target,
        account_id=user.account_id,
    )


def change_address(
    actor: Actor, *, proof: str, channel: CodeChannel, target: str, code: str
) -> User:
    """Change the actor's own e-mail or mobile number, proved by a code sent there (BAS-06, BAS-07).

    For the main user the account's e-mail (or bound mobile number) changes along. The former e-mail
    is told. Raises IdentityProofMissing, SameAddress, EmailTaken, WrongCode, CodeGone.
    """
    actor.require(OWN_PROFILE)
    sessions.refuse_unproved(actor, proof)
    operation = new_address_operation(actor, channel)
    code_id = codes.check_target(operation=operation, target=target, code=code)
    with transaction.atomic(durable=True):
        return _change_address(codes.spend(actor, code_id), channel=channel, target=target)


def new_address_operation(actor: Actor, channel: CodeChannel) -> str:
    """What the code to the new address is bound to: this user and this change."""
    return f"accounts.new_address.{channel}.{actor.user_id}"


def _change_address(actor: Actor, *, channel: CodeChannel, target: str) -> User:
    account = locks.lock_account(actor.account_id)
    user = locks.lock_user(actor.user_id or 0)
    _refuse_address(user, channel=channel, target=target)
    former_email = user.email
    field = rules.ADDRESS_FIELD[channel]
    before = {field: getattr(user, field)}
    setattr(user, field, target)
    try:
        with transaction.atomic():
            user.save(update_fields=[field])
            if user.is_main:
                _carry_to_account(account, channel, target)
    except IntegrityError as error:
        raise EmailTaken from error
    audit.services.record(
        actor, f"accounts.{field}.changed", user, before=before, after={field: target}
    )
    if former_email:
        outbox.services.queue_email(
            "address_changed",
            former_email,
            {"name": str(user), "email": channel == CodeChannel.EMAIL, "account": account.name},
            account_id=account.pk,
        )
    return user


def _carry_to_account(account: Account, channel: CodeChannel, target: str) -> None:
    field = rules.ACCOUNT_ADDRESS_FIELD[channel]
    setattr(account, field, target)
    account.save(update_fields=[field])


def _refuse_address(user: User, *, channel: CodeChannel, target: str) -> None:
    field = rules.ADDRESS_FIELD[channel]
    if getattr(user, field).lower() == target.lower():
        raise SameAddress(field)
    if channel == CodeChannel.EMAIL and _email_taken(user, target):
        raise EmailTaken


def _email_taken(user: User, email: str) -> bool:
    in_account = User.objects.present().filter(account_id=user.account_id, email__iexact=email)
    if in_account.exclude(pk=user.pk).exists():
        return True
    others = Account.objects.exclude(pk=user.account_id)
    return user.is_main and others.filter(email__iexact=email).exists()


def _can_receive_codes(actor: Actor) -> bool:
    user = User.objects.get(pk=actor.user_id)
    return bool(user.email or user.mobile)


def _changed(row: Account, values: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    given = [name for name in fields if name in values]
    return {name: values[name] for name in given if values[name] != getattr(row, name)}


def _save(actor: Actor, account: Account, changed: Mapping[str, Any], action: str) -> None:
    """Write the changed fields and record them; nothing at all when nothing changed."""
    if not changed:
        return
    before = {name: getattr(account, name) for name in changed}
    for name, value in changed.items():
        setattr(account, name, value)
    account.save(update_fields=list(changed))
    audit.services.record(actor, action, account, before=before, after=changed)
