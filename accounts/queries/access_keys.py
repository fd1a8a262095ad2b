"""Reads of access keys: the page's list, and what the API door needs to check a signature."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Count, F, Q, QuerySet, When

from partner_center import clock, encryption
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AccessKeyStatus, AccountStatus, UserStatus
from ..models import AccessKey, User
from ..permissions import MANAGE_ACCESS_KEYS, VIEW_ACCESS_KEYS

#: At most this many keys of one user that were not deleted: one in use, one to change over to.
MAX_KEYS_PER_USER = 2


def list_keys(actor: Actor) -> QuerySet[AccessKey]:
    """The account's access keys that were not deleted, newest first.

    ``lock_ends`` is set on keys that wrong signatures have locked at this moment.
    """
    actor.require(VIEW_ACCESS_KEYS)
    return (
        AccessKey.objects.visible_to(actor)
        .exclude(status=AccessKeyStatus.DELETED)
        .select_related("user")
        .annotate(lock_ends=Case(When(locked_until__gt=clock.now(), then=F("locked_until"))))
        .order_by("-created_at", "-id")
    )


def get_key(actor: Actor, ak: str) -> AccessKey:
    """One of the account's keys. Raises NotFound for a deleted or another account's one."""
    key = list_keys(actor).filter(ak=ak).first()
    if key is None:
        raise NotFound
    return key


def holders(actor: Actor) -> QuerySet[User]:
    """Users of the account that have a key."""
    return User.objects.filter(pk__in=list_keys(actor).order_by().values("user")).order_by(
        "username"
    )


def users_for_keys(actor: Actor) -> QuerySet[User]:
    """Users of the account that can be given one more key."""
    actor.require(MANAGE_ACCESS_KEYS)
    kept = Count("access_keys", filter=~Q(access_keys__status=AccessKeyStatus.DELETED))
    return (
        User.objects.visible_to(actor)
        .filter(status=UserStatus.NORMAL)
        .annotate(keys=kept)
        .filter(keys__lt=MAX_KEYS_PER_USER)
        .order_by("-is_main", "username")
    )


def find_for_signing(ak: str) -> AccessKey | None:
    """The key that a signature names, if it is enabled and its user and account may act."""
    return (
        AccessKey.objects.select_related("user__account__terms")
        .filter(
            ak=ak,
            status=AccessKeyStatus.ENABLED,
            user__status=UserStatus.NORMAL,
            user__account__status=AccountStatus.ACTIVE,
        )
        .first()
    )


def is_locked(key: AccessKey, moment: datetime) -> bool:
    """Whether wrong signatures have locked the key at ``moment``."""
    return key.locked_until is not None and key.locked_until > moment


def secret_of(key: AccessKey) -> str:
    """The secret access key in plain text. For checking signatures and for the one showing."""
    return encryption.decrypt(key.sk_encrypted)
