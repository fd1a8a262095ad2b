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


ANYBODY = frozenset(Caller)
#: "Partner" of the API description: providers and distributors act for customers.
PARTNERS = frozenset({Caller.CSP, Caller.DISTRIBUTOR})


def caller_of(actor: Actor) -> Caller | None:
    """The kind of the actor's account; None for the operator, which has no business here."""
    if actor.audience == Audience.CUSTOMER:
        return Caller.CUSTOMER
    return Caller(actor.partner_kind) if actor.partner_kind else None
