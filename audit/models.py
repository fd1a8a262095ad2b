"""Append-only records of every state change (08 §10.8, CTS-10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from partner_center.tenancy import TenantOwned


class OperationRecord(TenantOwned):
    """Who did what, for whom, when and from where, with the values before and after.

    ``account`` is the tenant whose books it stands in; when somebody else acted (the operator, a
    partner on behalf), ``actor_account`` differs. The database refuses update and delete.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor_account = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=128)
    door = models.CharField(max_length=8)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    code_verified = models.BooleanField(default=False)
    target_type = models.CharField(max_length=64, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="operation_record_account")]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"
