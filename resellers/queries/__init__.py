"""Reads of distributors and resellers, one module a subject."""

from .grants import (
    budget_grant_of,
    has_budget_grant,
    has_on_behalf_grant,
    has_unauthorized_resellers,
    on_behalf_granted,
)
from .invitations import may_not_buy
from .ties import distributor_of, distributors_of, reseller_ids, resellers_of

__all__ = [
    "budget_grant_of",
    "distributor_of",
    "distributors_of",
    "has_budget_grant",
    "has_on_behalf_grant",
    "has_unauthorized_resellers",
    "may_not_buy",
    "on_behalf_granted",
    "reseller_ids",
    "resellers_of",
]
