"""Finding the user who signs in, for doors without a session."""

from __future__ import annotations

from partner_center.actors import Actor

from ..choices import AccountStatus, UserStatus
from ..models import Account, User
from ..models.user import UserQuerySet


def account_of(actor: Actor) -> Account:
    """The actor's own account."""
    return Account.objects.get(pk=actor.account_id)


def find_by_uid(uid: str) -> User | None:
    """The user with this ID, if it and its account may act."""
    return _acting().filter(uid=uid).first()


def find_by_name(account_name: str, username: str) -> User | None:
    """A main user (its name is the account's) or a member, if it and its account may act."""
    return _acting().filter(account__name__iexact=account_name, username__iexact=username).first()


def _acting() -> UserQuerySet:
    return User.objects.select_related("account").filter(
        status=UserStatus.NORMAL, account__status=AccountStatus.ACTIVE
    )
