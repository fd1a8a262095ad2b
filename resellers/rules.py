"""Who may become a reseller: a decision over plain facts, with all its reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from .choices import RestrictionCause


@dataclass(frozen=True)
class ResellerFacts:
    """What is known of an account that wants to work under a distributor. A new one has none."""

    has_resources: bool = False
    is_overdue: bool = False
    has_consumption: bool = False
    has_other_program: bool = False
    on_watchlist: bool = False
    company_is_associated: bool = False
    is_frozen: bool = False
    in_enterprise: bool = False
    has_credit_account: bool = False
    preregistered_by_operator: bool = False
    has_other_distributor: bool = False
    is_authenticated: bool = False
    in_other_country: bool = False
    #: What the floors above know (a customer's partner, a freeze).
    further: Collection[RestrictionCause] = field(default_factory=tuple)


def restrictions(facts: ResellerFacts) -> list[RestrictionCause]:
    """Everything that keeps the account from being associated; empty when it may (06-RSL-09)."""
    held = {
        RestrictionCause.RESOURCES: facts.has_resources,
        RestrictionCause.ARREARS: facts.is_overdue,
        RestrictionCause.CONSUMPTION: facts.has_consumption,
        RestrictionCause.OTHER_PROGRAM: facts.has_other_program,
        RestrictionCause.WATCHLIST: facts.on_watchlist,
        RestrictionCause.COMPANY: facts.company_is_associated,
        RestrictionCause.FROZEN: facts.is_frozen,
        RestrictionCause.ENTERPRISE: facts.in_enterprise,
        RestrictionCause.CREDIT: facts.has_credit_account,
        RestrictionCause.PREREGISTERED: facts.preregistered_by_operator,
        RestrictionCause.OTHER_PARTNER: facts.has_other_distributor,
        RestrictionCause.AUTHENTICATED: facts.is_authenticated,
        RestrictionCause.COUNTRY: facts.in_other_country,
    }
    return [cause for cause in RestrictionCause if held[cause] or cause in facts.further]
