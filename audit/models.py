"""Append-only records of every state change (08 §10.8, CTS-10)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from partner_center.actors import Door
from partner_center.tenancy import TenantOwned, TenantQuerySet

from .choices import RESOURCE_TYPE, TRACE_SOURCE, TYPE_OF_DOOR, TraceStatus, TraceType


class OperationRecordQuerySet(TenantQuerySet):
    """Records of accounts."""

    def traces(self) -> OperationRecordQuerySet:
        """Only the records that are also traces of the Cloud Trace Service."""
        return self.exclude(trace_name="")


class OperationRecord(TenantOwned):
    """Who did what, for whom, when and from where, with the values before and after.

    ``account`` is the tenant whose books it stands in; when somebody else acted (the operator, a
    partner on behalf), ``actor_account`` differs. The database refuses update and delete. A record
    with a ``trace_name`` is also a trace of the Cloud Trace Service.
    """

    #: Also the Trace ID.
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
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
    trace_name = models.CharField(max_length=64, blank=True)
    trace_status = models.CharField(max_length=8, choices=TraceStatus, blank=True)
    resource_id = models.CharField(max_length=64, blank=True)
    resource_name = models.CharField(max_length=200, blank=True)
    request = models.JSONField(null=True)
    response = models.JSONField(null=True)
    response_code = models.CharField(max_length=16, blank=True)
    #: Keyed hash over all of the above, written with the record (audit.rules.record_mac).
    mac = models.BinaryField(max_length=32)

    objects = OperationRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="operation_record_account"),
            models.Index(
                fields=["account", "-at", "-id"],
                condition=~models.Q(trace_name=""),
                name="operation_record_trace",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"

    def get_absolute_url(self) -> str:
        """The page of the one record."""
        return reverse("audit:record", args=[self.uid])

    @property
    def what(self) -> str:
        """The action in words: ``accounts.user.created`` reads "User created"."""
        _app, _dot, rest = self.action.partition(".")
        return (rest or self.action).replace(".", " ").replace("_", " ").capitalize()

    @property
    def foreign_account(self) -> str:
        """The acting account where it is not the one in whose book this stands; else empty."""
        return str(self.actor_account) if self.actor_account_id != self.account_id else ""

    @property
    def trace_type(self) -> TraceType:
        """Kind of door the operation came through, in the words of the Cloud Trace Service."""
        return TYPE_OF_DOOR[Door(self.door)]

    @property
    def resource_type(self) -> str:
        """Resource type of the trace."""
        return RESOURCE_TYPE

    @property
    def trace_source(self) -> str:
        """Service that the trace comes from."""
        return TRACE_SOURCE


class PendingSeal(models.Model):
    """A committed record that is not in the chain yet. A trigger adds it, sealing takes it away."""

    record_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.record_id)


class Seal(models.Model):
    """The place of one record in the chain; append-only.

    ``chain_hash`` is a keyed hash over the previous one, the position, the record's id and account
    and its keyed hash (audit.rules.chain_hash). Without foreign-key constraints: sealing must not
    lock the rows it seals.
    """

    position = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(
        OperationRecord, on_delete=models.PROTECT, related_name="seal", db_constraint=False
    )
    account = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    record_mac = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    chain_hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.position}:{bytes(self.chain_hash).hex()}"


class TraceSetting(TenantOwned):
    """Whether the account has enabled the Cloud Trace Service (08-CTS-01). No row means: not."""

    enabled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], name="trace_setting_one_per_account")
        ]

    def __str__(self) -> str:
        return f"Cloud Trace Service {'on' if self.enabled else 'off'}"
