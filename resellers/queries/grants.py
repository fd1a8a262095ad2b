"""What a distributor lets its resellers do now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from ..models import ResellerBudgetGrant, ResellerOnBehalfGrant
from .ties import resellers_of


def budget_grant_of(reseller_id: int) -> ResellerBudgetGrant | None:
    """The reseller's current grant to set budgets and freeze, with its quotas; None without one."""
    return _budget_grants().filter(association__reseller_id=reseller_id).first()


def has_budget_grant(partner_reference: str) -> Exists:
    """Expression: whether the partner at this reference is a reseller that holds the grant."""
    return Exists(_budget_grants().filter(association__reseller_id=OuterRef(partner_reference)))


def has_unauthorized_resellers(distributor_id: int) -> bool:
    """Whether the distributor has a reseller whose customers' budgets it sets itself (06-PRM-04)."""
    return resellers_of(distributor_id).filter(~is_authorized()).exists()


def on_behalf_granted(reseller_id: int) -> bool:
    """Whether the distributor lets this reseller order and operate for customers (06-OBH-05)."""
    return _on_behalf_grants().filter(association__reseller_id=reseller_id).exists()


def has_on_behalf_grant(partner_reference: str) -> Exists:
    """Expression: whether the partner at this reference is a reseller that holds the grant."""
    return Exists(_on_behalf_grants().filter(association__reseller_id=OuterRef(partner_reference)))


def is_authorized(association_reference: str = "pk") -> Exists:
    """Expression over associations: whether the reseller may set budgets and freeze (06-PRM-12)."""
    return Exists(_budget_grants().filter(association=OuterRef(association_reference)))


def quota_of(field: str) -> Subquery:
    """Expression over associations: the current quota of one type, in USD; NULL without."""
    current = _budget_grants().filter(association=OuterRef("pk"))
    return Subquery(current.values(field)[:1])


def may_work_on_behalf() -> Exists:
    """Expression over associations: whether the on-behalf switch is on (06-OBH-01)."""
    return Exists(_on_behalf_grants().filter(association=OuterRef("pk")))


def seen_budget_grant(grant: ResellerBudgetGrant | None) -> str:
    """What a page showed of the grant, for the stale check: rows are never changed but closed."""
    return str(grant.pk) if grant else ""


def _budget_grants() -> QuerySet[ResellerBudgetGrant]:
    return ResellerBudgetGrant.objects.filter(closed_at=None, association__ended_at=None)


def _on_behalf_grants() -> QuerySet[ResellerOnBehalfGrant]:
    return ResellerOnBehalfGrant.objects.filter(closed_at=None, association__ended_at=None)
