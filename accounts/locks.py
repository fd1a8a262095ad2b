"""Row locks of the accounts app, always taken in this order: account, then user."""

from __future__ import annotations

from django.db import connection

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import AccessKey, Account, User


def lock_account(account_id: int) -> Account:
    """The account, locked to the end of the transaction. Raises NotFound."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def lock_user(user_id: int) -> User:
    """The user, locked to the end of the transaction. Raises NotFound."""
    user = User.objects.select_for_update(of=("self",)).select_related("account")
    if (found := user.filter(pk=user_id).first()) is None:
        raise NotFound
    return found


def lock_access_key(actor: Actor, ak: str) -> AccessKey | None:
    """The account's access key, held until the transaction ends."""
    return AccessKey.objects.visible_to(actor).select_for_update().filter(ak=ak).first()


def lock_receiver(target: str) -> None:
    """Let only one transaction at a time send codes to this address, also to one never seen before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"codes:{target.lower()}"]
        )
