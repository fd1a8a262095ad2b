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
