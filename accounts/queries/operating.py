"""Reads of the operator's work: accounts and users by the names that the staff types."""

from __future__ import annotations

from ..models import Account, User


def account_id_of(name: str) -> int | None:
    """Primary key of the account of this account name, in any case."""
    return Account.objects.filter(name__iexact=name).values_list("pk", flat=True).first()


def user_id_of(account_id: int, username: str) -> int | None:
    """Primary key of an account's present user of this username, in any case."""
    users = User.objects.present().filter(account_id=account_id, username__iexact=username)
    return users.values_list("pk", flat=True).first()


def account_exists(account_id: int) -> bool:
    """Whether there is an account of this key."""
    return Account.objects.filter(pk=account_id).exists()
