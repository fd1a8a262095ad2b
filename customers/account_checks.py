"""What higher floors know of accounts that come in or leave (08-CSA-18, 04-ASC-04).

A higher floor calls :func:`add` once at start. The callable gets the live association and the side
that wants to leave, reads what it knows, and returns its items; none, when it has nothing to say about
this side. It runs inside the transaction of the request, after the association was locked.

With :func:`add_holder` it says whether an account has reserved instances, with :func:`add_balance`
whether it has a balance: what may keep it from coming in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .choices import Side
from .models import Association
from .rules.disassociation import CheckItem

Check = Callable[[Association, Side], list[CheckItem]]

#: Whether the account with this key has something that is still valid at this moment.
Holder = Callable[[int, datetime], bool]

#: Whether anything is left on the top-up account with this key.
Balance = Callable[[int], bool]

_checks: list[Check] = []
_holders: list[Holder] = []
_balances: list[Balance] = []


def add(check: Check) -> None:
    """Ask this callable in every account check from now on; a second time changes nothing."""
    if check not in _checks:
        _checks.append(check)


def remove(check: Check) -> None:
    """Ask it no more."""
    _checks.remove(check)


def items(association: Association, side: Side) -> list[CheckItem]:
    """The items of all added checks, in the order in which these were added."""
    return [item for check in _checks for item in check(association, side)]


def add_holder(holder: Holder) -> None:
    """Ask this callable for reserved instances before every association from now on."""
    if holder not in _holders:
        _holders.append(holder)


def has_reserved(account_id: int, moment: datetime) -> bool:
    """Whether a higher floor knows of reserved instances that are valid at ``moment``."""
    return any(holder(account_id, moment) for holder in _holders)


def add_balance(balance: Balance) -> None:
    """Ask this callable for a balance before every association from now on."""
    if balance not in _balances:
        _balances.append(balance)


def has_balance(account_id: int) -> bool:
    """Whether a higher floor knows of something left on the account."""
    return any(balance(account_id) for balance in _balances)
