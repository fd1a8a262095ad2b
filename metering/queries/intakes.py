"""Reads of the operator's intake of usage."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ..models import RejectedLine, UsageSource


def active_sources(kinds: Iterable[str]) -> QuerySet[UsageSource]:
    """Sources of these formats that may send records, by name."""
    return UsageSource.objects.filter(kind__in=list(kinds), is_active=True).order_by("name")


def rejected_lines(intake_id: int) -> QuerySet[RejectedLine]:
    """What an intake rejected, by line; for the operator alone."""
    return RejectedLine.objects.filter(intake_id=intake_id).order_by("line")
