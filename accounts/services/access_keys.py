"""Access keys: create, switch off and on, delete; wrong signatures and use, as the API door reports."""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import audit.services
import outbox.services
from partner_center import clock, encryption
from partner_center.actors import Actor, Scope
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound

from ..choices import AccessKeyStatus, UserStatus
from ..locks import lock_access_key, lock_user
from ..models import AccessKey, User
from ..permissions import MANAGE_ACCESS_KEYS
from ..queries.access_keys import MAX_KEYS_PER_USER, is_locked
from ..queries.actors import actor_for
from ..refusals import KeyBlocked, KeyOfWiderUser, TooManyKeys

AK_LENGTH = 20
SK_LENGTH = 40
MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=5)
#: ``last_used_at`` is written at most this often per key.
USE_NOTED_EVERY = timedelta(minutes=1)


@critical_operation("accounts.access_key.create", _("Create an access key"))
def create_key(actor: Actor, *, user_id: int, description: str) -> AccessKey:
    """A new key of one of the account's users; mails the user.

    Raises NotFound (foreign, locked or deleted user), TooManyKeys, KeyOfWiderUser.
    """
    actor.require(MANAGE_ACCESS_KEYS)
    user = lock_user(user_id)
    if user.account_id != actor.account_id or user.status != UserStatus.NORMAL:
        raise NotFound
    _refuse_key(actor, user)
    key = store_key(
        user,
        ak=_random_text(string.ascii_uppercase + string.digits, AK_LENGTH),
        sk=_random_text(string.ascii_letters + string.digits, SK_LENGTH),
        description=description,
    )
    after = {"user": user.username, "description": description}
    audit.services.record(actor, "accounts.access_key.created", key, after=after)
    _mail_user(actor, key, user)
    return key


def store_key(user: User, *, ak: str, sk: str, description: str) -> AccessKey:
    """Building block: a key row with its secret encrypted. No permission is asked here."""
    return AccessKey.objects.create(
        account_id=user.account_id,
        user=user,
        ak=ak,
        sk_encrypted=encryption.encrypt(sk),
        description=description,
        created_at=clock.now(),
    )


@transaction.atomic(durable=True)
def disable_key(actor: Actor, *, ak: str) -> None:
    """Switch a key off; signatures with it are refused from now on. Raises NotFound, KeyBlocked."""
    actor.require(MANAGE_ACCESS_KEYS)
    _change_status(actor, ak, AccessKeyStatus.DISABLED, "accounts.access_key.disabled")


@transaction.atomic(durable=True)
def enable_key(actor: Actor, *, ak: str) -> None:
    """Switch a key on again. Raises NotFound, KeyBlocked."""
    actor.require(MANAGE_ACCESS_KEYS)
    _change_status(actor, ak, AccessKeyStatus.ENABLED, "accounts.access_key.enabled")


@transaction.atomic(durable=True)
def delete_key(actor: Actor, *, ak: str) -> None:
    """Delete a key and its secret for good; the row stays for the history. Raises NotFound."""
    actor.require(MANAGE_ACCESS_KEYS)
    key = _change_status(actor, ak, AccessKeyStatus.DELETED, "accounts.access_key.deleted")
    key.sk_encrypted = ""
    key.save(update_fields=["sk_encrypted"])


@transaction.atomic(durable=True)
def count_wrong_signature(key_id: int, *, moment: datetime) -> None:
    """A signature with this key was wrong: the fifth in a row locks the key for five minutes."""
    key = AccessKey.objects.select_for_update().select_related("account").get(pk=key_id)
    if is_locked(key, moment):
        return
    key.failures_in_row += 1
    if key.failures_in_row >= MAX_FAILURES:
        key.failures_in_row = 0
        key.locked_until = moment + LOCK_TIME
        door = Actor.system("API door", key.account_id, key.account.name)
        after = {"locked_until": key.locked_until.isoformat()}
        audit.services.record(door, "accounts.access_key.locked", key, after=after)
    key.save(update_fields=["failures_in_row", "locked_until"])


def note_use(key: AccessKey, *, moment: datetime) -> None:
    """A signature was right: ends the row of failures; writes only when there is news."""
    AccessKey.objects.filter(
        Q(failures_in_row__gt=0)
        | Q(last_used_at=None)
        | Q(last_used_at__lt=moment - USE_NOTED_EVERY),
        pk=key.pk,
    ).update(failures_in_row=0, last_used_at=moment)


def _change_status(actor: Actor, ak: str, status: AccessKeyStatus, action: str) -> AccessKey:
    """Move a live key to ``status`` and record it; nothing happens when it is there already."""
    key = lock_access_key(actor, ak)
    if key is None or key.status == AccessKeyStatus.DELETED:
        raise NotFound
    if key.status == AccessKeyStatus.BLOCKED and status != AccessKeyStatus.DELETED:
        raise KeyBlocked
    if key.status != status:
        before = {"status": key.status}
        key.status = status
        key.save(update_fields=["status"])
        audit.services.record(actor, action, key, before=before, after={"status": status})
    return key


def _refuse_key(actor: Actor, user: User) -> None:
    """Whoever makes a key reads its secret, so it must not reach further than its maker."""
    kept = user.access_keys.exclude(status=AccessKeyStatus.DELETED).count()
    if kept >= MAX_KEYS_PER_USER:
        raise TooManyKeys(user.username, MAX_KEYS_PER_USER)
    if user.pk == actor.user_id:
        return
    if actor.scope != Scope.ALL or not actor_for(user).permissions <= actor.permissions:
        raise KeyOfWiderUser(user.username)


def _mail_user(actor: Actor, key: AccessKey, user: User) -> None:
    if user.email:
        context = {"key": key, "user": user, "creator": actor.name}
        outbox.services.queue_email(
            "access_key_created", user.email, context, account_id=user.account_id
        )


def _random_text(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _position in range(length))
