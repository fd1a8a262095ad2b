"""Row locks of the accounts app, always taken in this order: account, users by key, roles by key.

The locks leave the key alone (``no_key``): rows that merely refer to a locked account or user, such
as audit records, are still written by others in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import AccessKey, Account, Role, User


def lock_account(account_id: int) -> Account:
    """The account, locked to the end of the transaction. Raises NotFound."""
    account = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def lock_user(user_id: int) -> User:
    """The user, locked to the end of the transaction. Raises NotFound."""
    user = User.objects.select_for_update(of=("self",), no_key=True).select_related("account")
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


def lock_members(actor: Actor, user_ids: Iterable[int]) -> dict[int, User]:
    """Users of the actor's account that were not deleted, locked, by key, with their roles.

    Raises NotFound when one is missing, deleted or another tenant's.
    """
    wanted = set(user_ids)
    rows = User.objects.visible_to(actor).present().select_related("account")
    rows = rows.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
    rows = rows.order_by("pk").prefetch_related("role_assignments__role")
    found = {user.pk: user for user in rows}
    if found.keys() != wanted:
        raise NotFound
    return found


def lock_roles(actor: Actor, role_ids: Iterable[int]) -> list[Role]:
    """Roles that the actor's account may use, by key; custom ones locked, system ones never change.

    Raises NotFound when one is missing or another tenant's.
    """
    wanted = set(role_ids)
    rows = Role.objects.visible_to(actor).filter(pk__in=wanted).order_by("pk")
    custom = list(rows.filter(system_code="").select_for_update(no_key=True))
    found = [*rows.exclude(system_code=""), *custom]
    if {role.pk for role in found} != wanted:
        raise NotFound
    return found
