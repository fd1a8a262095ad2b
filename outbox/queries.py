"""Reads of the outbox."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from partner_center.refusals import NotFound

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
