"""What a distributor lets its resellers do now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from ..models import ResellerBudgetGrant, ResellerOnBehalfGrant


def budget_grant_of(reseller_id: int) -> ResellerBudgetGrant | None:
    """The reseller's current grant to set budgets and freeze, with its quotas; None without one."""
    return _budget_grants().filter(association__reseller_id=reseller_id).first()


def has_budget_grant(partner_reference: str) -> Exists:
    """Expression: whether the partner at this reference is a reseller that holds the grant."""
    return Exists(_budget_grants().filter(association__reseller_id=OuterRef(partner_reference)))


def on_behalf_granted(reseller_id: int) -> bool:
    """Whether the distributor lets this reseller order and operate for customers (06-OBH-05)."""
    live = ResellerOnBehalfGrant.objects.filter(closed_at=None, association__ended_at=None)
    return live.filter(association__reseller_id=reseller_id).exists()


def _budget_grants() -> QuerySet[ResellerBudgetGrant]:
    return ResellerBudgetGrant.objects.filter(closed_at=None, association__ended_at=None)
