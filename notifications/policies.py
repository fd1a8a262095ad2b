"""Who else decides about the channels of an account's messages.

A partner may set for its customers what is sent to them by e-mail and SMS (01-BAS-11). Which partner
an account belongs to is known two floors up: that floor adds its answer here at start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Channels:
    """What a message may travel by, besides the Message Center."""

    email: bool
    sms: bool


#: Takes the account's id and ``MessageType.customer_rule``; None when it has no say.
Policy = Callable[[int, str], Channels | None]

_policies: list[Policy] = []


def add(policy: Policy) -> None:
    """Let a higher floor decide; called once at start."""
    _policies.append(policy)


def narrowed(chosen: Channels, account_id: int, customer_rule: str) -> Channels:
    """The chosen channels without those that a policy has switched off."""
    for policy in _policies:
        if allowed := policy(account_id, customer_rule):
            chosen = Channels(chosen.email and allowed.email, chosen.sms and allowed.sms)
    return chosen
