"""Row locks of the accounts app, always taken in this order: account, then user."""

from __future__ import annotations

from partner_center.refusals import NotFound

from .models import Account, User


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
