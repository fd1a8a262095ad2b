"""What higher floors add to the account check before a disassociation (04-ASC-04).

A higher floor calls :func:`add` once at start. The callable gets the live association and the side
that wants to leave, reads what it knows, and returns its items; none, when it has nothing to say about
this side. It runs inside the transaction of the request, after the association was locked.
"""

from __future__ import annotations

from collections.abc import Callable

from .choices import Side
from .models import Association
from .rules.disassociation import CheckItem

Check = Callable[[Association, Side], list[CheckItem]]

_checks: list[Check] = []


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
