"""Accounts by the thousand, copied in the database from one that the portal made."""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import Account
from accounts.services import creation
from partner_center import clock

#: What every account has for itself.
_OWN = ("id", "public_id", "name", "email", "partner_kind")


def operator(name: str) -> Account:
    """The operator's account, made under this name when there is none."""
    found = Account.objects.filter(is_operator=True).first()
    return found or account(f"{name}-operator", is_operator=True)


def account(name: str, *, is_operator: bool = False) -> Account:
    """One account with its main user, as the portal makes it."""
    return creation.create_account(
        name=name,
        email=f"{name}@bench.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
        is_operator=is_operator,
    )


def copy(template: Account, prefix: str, count: int, partner_kind: str = "") -> None:
    """``prefix-1`` to ``prefix-count``, without users."""
    columns = [f.column for f in Account._meta.concrete_fields if f.column not in _OWN]
    names = ", ".join(columns)
    execute(
        f"INSERT INTO accounts_account (public_id, name, email, partner_kind, {names}) "
        f"SELECT md5('{prefix}' || n), '{prefix}-' || n, '{prefix}' || n || '@bench.example', "
        f"'{partner_kind}', {names} FROM accounts_account, generate_series(1, {count}) n WHERE id = %s",
        [template.pk],
    )


def execute(statement: str, parameters: Any = None) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
