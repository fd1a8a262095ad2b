"""The scheduler that beat runs with."""

from __future__ import annotations

from typing import Any

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler


class PortalScheduler(DatabaseScheduler):
    """Adds entries that are new and leaves the others as the operator set them.

    The library writes every entry again at each start, which would undo what staff changed.
    """

    def update_from_dict(self, mapping: dict[str, Any]) -> None:
        """Write the entries of ``mapping`` that the table does not have."""
        known = set(PeriodicTask.objects.filter(name__in=mapping).values_list("name", flat=True))
        super().update_from_dict({n: entry for n, entry in mapping.items() if n not in known})
