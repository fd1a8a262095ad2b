"""Who else decides about the channels of an account's messages.

A partner may set for its customers what is sent to them by e-mail and SMS (01-BAS-11). Which partner
an account belongs to is known two floors up: that floor adds its answer here at start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Channels:
    """What a message may travel by, besides the Message Center."""

    email: bool
    sms: bool

    def __and__(self, other: Channels) -> Channels:
        """What both allow."""
        return Channels(self.email and other.email, self.sms and other.sms)


#: An account's id and ``MessageType.customer_rule``.
Line = tuple[int, str]
#: Says of many lines what is allowed; those that it has no say in are missing.
Policy = Callable[[Collection[Line]], Mapping[Line, Channels]]

_policies: list[Policy] = []


def add(policy: Policy) -> None:
    """Let a higher floor decide; called once at start."""
    _policies.append(policy)


def limits(lines: Collection[Line]) -> dict[Line, Channels]:
    """What the policies allow together; lines that nobody limits are missing."""
    found: dict[Line, Channels] = {}
    for policy in _policies if lines else ():
        for line, allowed in policy(lines).items():
            found[line] = found[line] & allowed if line in found else allowed
    return found
