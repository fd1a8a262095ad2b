"""The schedule: each app says in its ``schedule.py`` which of its tasks runs when.

The modules load at start (PortalConfig); beat then copies the entries into its table, where the
operator's staff can see and change them (django-celery-beat). A run that waited longer than its
interval is dropped: the next one does its work too.
"""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab
from django.conf import settings


def every(interval: timedelta, task: str) -> None:
    """Run a task, by its registered name, again and again."""
    _add(task, interval, int(interval.total_seconds()))


def daily(task: str, *, hour: int, minute: int = 0) -> None:
    """Run a task once a day, at a time of GMT+08:00."""
    _add(task, crontab(hour=str(hour), minute=str(minute)), 12 * 3600)


def _add(task: str, when: timedelta | crontab, expires: int) -> None:
    settings.CELERY_BEAT_SCHEDULE[task] = {
        "task": task,
        "schedule": when,
        "options": {"expires": expires},
    }
