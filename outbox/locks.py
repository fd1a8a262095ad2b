"""Locks of the outbox."""

from __future__ import annotations

from datetime import datetime

from .models import Delivery


def lock_next_due(moment: datetime) -> Delivery | None:
    """The most urgent due delivery that no other worker holds, locked."""
    return Delivery.objects.due(moment).select_for_update(skip_locked=True).first()
