"""Kinds of callers: who may call an operation at all (docs/api/bss-api.md A.10)."""

from __future__ import annotations

from enum import StrEnum

from partner_center.actors import Actor
from partner_center.permissions import Audience


class Caller(StrEnum):
    """What kind of account calls."""

    CSP = "csp"
    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"
    CUSTOMER = "customer"
    OPERATOR = "operator"


#: Everybody whom the vendor's API is for; the operator has operations of its own only.
ANYBODY = frozenset(Caller) - {Caller.OPERATOR}
#: The operator's own systems.
OPERATOR = frozenset({Caller.OPERATOR})
#: "Partner" of the API description: providers and distributors act for customers.
PARTNERS = frozenset({Caller.CSP, Caller.DISTRIBUTOR})


def caller_of(actor: Actor) -> Caller | None:
    """The kind of the actor's account."""
    if actor.is_operator:
        return Caller.OPERATOR
    if actor.audience == Audience.CUSTOMER:
        return Caller.CUSTOMER
    return Caller(actor.partner_kind) if actor.partner_kind else None
