"""Messages that leave the house."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from .choices import Channel, DeliveryState


class DeliveryQuerySet(models.QuerySet):
    """E-mails and SMS."""

    def due(self, moment: datetime) -> Self:
        """What may be sent at ``moment``, the most urgent first."""
        queued = self.filter(state=DeliveryState.QUEUED, due_at__lte=moment)
        return queued.order_by("-urgent", "due_at", "id")


class Delivery(models.Model):
    """One e-mail or SMS to one address, written in the business transaction, sent by a worker.

    A worker that takes a delivery counts ``tries`` up and moves ``due_at`` into the future: if the
    worker dies, the delivery is simply due again then.
    """

    #: Names the message to the outside: Message-ID of an e-mail, idempotency key of an SMS.
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    target = models.CharField(max_length=254)
    template = models.CharField(max_length=64)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    #: A file of the private storage that goes with an e-mail, and its name there.
    attachment = models.CharField(max_length=200, blank=True)
    attachment_name = models.CharField(max_length=128, blank=True)
    #: Codes and the like: sent before ordinary messages, and due at once.
    urgent = models.BooleanField(default=True)
    #: The text is wiped as soon as it was sent; only the demo keeps it, to show it.
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    queued_at = models.DateTimeField()
    #: Not sent before this moment: ordinary messages wait for working hours, retries back off.
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["-urgent", "due_at", "id"],
                condition=models.Q(state="queued"),
                name="delivery_due",
            )
        ]

    def __str__(self) -> str:
        return _("%(template)s to %(target)s") % {
            "template": self.template,
            "target": self.target,
        }
