"""Distributors and their resellers (06 §9.2.1; 01-RSA)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from partner_center.tenancy import TenantOwned


class ResellerAssociation(TenantOwned):
    """A reseller works under a distributor; ``account`` is the distributor. One live one each."""

    reseller = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    associated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reseller"],
                condition=models.Q(ended_at=None),
                name="reseller_association_one_live_per_reseller",
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("reseller")),
                name="reseller_association_not_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller} under {self.account}"


class ResellerBudgetGrant(TenantOwned):
    """The distributor lets its reseller set budgets and freeze, within quotas (06 §9.2.1.2).

    One current per association; changed quotas close the row and open the next, so the rows are the
    history. Quotas are USD at list price; an absent quota means that budgets of this type cannot be
    set (06-PRM-11).
    """

    association = models.ForeignKey(
        ResellerAssociation, on_delete=models.PROTECT, related_name="budget_grants"
    )
    monthly_quota = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    one_time_quota = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(closed_at=None),
                name="budget_grant_one_current_per_reseller",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_quota__gte=0) | models.Q(one_time_quota__gte=0),
                name="budget_grant_has_a_quota",
            ),
            models.CheckConstraint(
                condition=(models.Q(monthly_quota=None) | models.Q(monthly_quota__gte=0))
                & (models.Q(one_time_quota=None) | models.Q(one_time_quota__gte=0)),
                name="budget_grant_quotas_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Budgets by {self.association.reseller}"


class ResellerOnBehalfGrant(TenantOwned):
    """The distributor lets its reseller order and operate for customers (06 §9.2.1.3).

    One current per association; a withdrawn one stays with ``closed_at``.
    """

    association = models.ForeignKey(
        ResellerAssociation, on_delete=models.PROTECT, related_name="on_behalf_grants"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(closed_at=None),
                name="on_behalf_grant_one_current_per_reseller",
            )
        ]

    def __str__(self) -> str:
        return f"On behalf of customers by {self.association.reseller}"
