"""The operator's changes to the schedule of background work."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, PeriodicTask

import audit.services
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from ..permissions import OPERATE_SCHEDULE
from ..refusals import BadTimes

SEEN_FIELDS = ("enabled", "crontab_id", "interval_id")
_PARTS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def times_of(task: PeriodicTask) -> str:
    """The five fields of the task's crontab; empty for a task that runs at an interval."""
    crontab = task.crontab
    return " ".join(getattr(crontab, part) for part in _PARTS) if crontab else ""


@transaction.atomic(durable=True)
def change_task(
    actor: Actor, task_id: int, *, enabled: bool, times: str, seen: str
) -> PeriodicTask:
    """Switch a task, and move it to other times (five crontab fields, GMT+08:00; empty: as it is).

    Beat notices by itself. Raises NotFound, Stale, BadTimes.
    """
    actor.require(OPERATE_SCHEDULE)
    task = PeriodicTask.objects.select_for_update(of=("self",)).filter(pk=task_id).first()
    if task is None:
        raise NotFound
    refuse_stale(seen, fingerprint_of(task, SEEN_FIELDS))
    before = {"enabled": task.enabled, "times": times_of(task)}
    task.enabled = enabled
    if times.strip() and times.split() != before["times"].split():
        task.crontab, task.interval = _crontab(times), None
    after = {"enabled": task.enabled, "times": times_of(task)}
    if after != before:
        task.save(update_fields=["enabled", "crontab", "interval"])
        audit.services.record(actor, "accounts.schedule.changed", task, before=before, after=after)
    return task


def _crontab(times: str) -> CrontabSchedule:
    parts = times.split()
    if len(parts) != len(_PARTS):
        raise BadTimes
    asked = CrontabSchedule(**dict(zip(_PARTS, parts, strict=True)), timezone=settings.TIME_ZONE)
    try:
        asked.full_clean()
    except ValidationError as error:
        raise BadTimes from error
    return CrontabSchedule.objects.get_or_create(
        **dict(zip(_PARTS, parts, strict=True)), timezone=settings.TIME_ZONE
    )[0]
