"""The schedule: each app says in its ``schedule.py`` which of its tasks runs when.

The modules load at start (PortalConfig). Beat copies the entries that it does not know yet into its
table (beat.py), where the operator's staff can see and change them (django-celery-beat). A run that
waited longer than its interval is dropped: the next one does its work too.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings


def every(interval: timedelta, task: str) -> None:
    """Run a task, by its registered name, again and again."""
    settings.CELERY_BEAT_SCHEDULE[task] = {
        "task": task,
        "schedule": interval,
        "options": {"expires": int(interval.total_seconds())},
    }
