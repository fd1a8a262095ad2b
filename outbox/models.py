"""Messages that leave the house."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .choices import Channel, DeliveryState


class Delivery(models.Model):
    """One e-mail or SMS to one address, written in the business transaction, sent by a worker."""

    account = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    target = models.CharField(max_length=254)
    template = models.CharField(max_length=64)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    queued_at = models.DateTimeField()
    #: Not sent before this moment: ordinary messages wait for working hours, retries back off.
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state="queued"),
                name="delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.target}"
