"""Building blocks: a new account with its main user, a new user row. No permission is asked here;
the use cases that call these (registration, members, demo, create_operator) do."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from ..models import Account, User


def create_account(
    *,
    name: str,
    email: str,
    country: str,
    password: str | None,
    moment: datetime,
    is_operator: bool = False,
) -> Account:
    """A new account at stage *registered*, with its main user. ``name`` doubles as its username.

    Nobody can sign in by password when it is None.
    """
    account = Account.objects.create(
        name=name,
        email=email,
        country=country,
        is_operator=is_operator,
        registered_at=moment,
    )
    create_user(
        account=account,
        username=name,
        password=password,
        email=email,
        is_main=True,
        moment=moment,
    )
    return account


def create_user(
    *,
    account: Account,
    username: str,
    email: str,
    moment: datetime,
    password: str | None = "",
    password_hash: str = "",
    name: str = "",
    mobile: str = "",
    office_phone: str = "",
    is_main: bool = False,
    must_change_password: bool = False,
) -> User:
    """A new user row; give either the password or its hash."""
    user = User(
        account=account,
        username=username,
        name=name,
        email=email,
        mobile=mobile,
        office_phone=office_phone,
        is_main=is_main,
        must_change_password=must_change_password,
        created_at=moment,
    )
    user.password = password_hash or make_password(password)
    user.save(force_insert=True)
    return user
