"""What the operator corrects: adjustments of open cycles (05-BIL-20)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from partner_center.amounts import AmountField
from partner_center.tenancy import TenantOwned


class Adjustment(TenantOwned):
    """One adjustment of what a customer owes; ``account`` is the partner that pays. Append-only.

    Its charge has the number as the key of its record, and goes onto the bill of ``cycle`` as it is:
    no discount, no coupon.
    """

    number = models.CharField(_("ID"), max_length=32, unique=True)
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    cycle = models.CharField(_("billing cycle"), max_length=7)
    #: Signed, in USD.
    amount = AmountField()
    reason = models.CharField(max_length=256)
    #: Order or transaction ID of what it corrects.
    corrects = models.CharField(max_length=64, blank=True)
    posted_by = models.CharField(max_length=200)
    posted_at = models.DateTimeField()
    #: Of the page that it was posted on: sent twice, it is posted once.
    request_id = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["account", "-posted_at"], name="adjustment_of_partner")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="adjustment_of_something")
        ]

    def __str__(self) -> str:
        return self.number
