"""Reads of the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from partner_center.refusals import NotFound

from .choices import DeliveryState
from .models import Delivery, DeliveryQuerySet


def list_demo_deliveries(search: str = "") -> DeliveryQuerySet:
    """Every e-mail and SMS of the demo, newest first, whose address or text contains ``search``.

    In the demo everybody may read them, so that codes can be found without a mail server. Raises
    NotFound in a real installation.
    """
    if not settings.DEMO_MODE:
        raise NotFound
    found = Delivery.objects.order_by("-id")
    if not search:
        return found
    wanted = Q(target__icontains=search) | Q(subject__icontains=search) | Q(body__icontains=search)
    return found.filter(wanted)


@dataclass(frozen=True)
class DeliveryCounts:
    """E-mails and SMS that are not sent."""

    queued: int
    failed: int


def unsent_counts() -> DeliveryCounts:
    """How many wait and how many were given up. One query over the unsent only."""
    states = (DeliveryState.QUEUED, DeliveryState.FAILED)
    counts = Delivery.objects.filter(state__in=states).aggregate(
        queued=Count("pk", filter=Q(state=DeliveryState.QUEUED)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
    )
    return DeliveryCounts(**counts)
