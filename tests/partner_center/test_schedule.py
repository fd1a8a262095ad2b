"""The schedule: new entries are added, what the operator changed stays."""

from __future__ import annotations

import pytest
from django.conf import settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from partner_center.beat import PortalScheduler
from partner_center.celery import app

#: Beat closes the connection when it looks for changes; a surrounding transaction would not survive it.
pytestmark = pytest.mark.django_db(transaction=True)


def _start_beat() -> PortalScheduler:
    scheduler = PortalScheduler(app=app, lazy=True)
    scheduler.setup_schedule()
    return scheduler


def test_beat_knows_every_entry_at_its_first_start() -> None:
    scheduler = _start_beat()
    assert set(settings.CELERY_BEAT_SCHEDULE) <= set(scheduler.schedule)
    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert set(settings.CELERY_BEAT_SCHEDULE) <= names


def test_a_restart_keeps_what_the_operator_changed_and_adds_what_is_missing() -> None:
    _start_beat()
    changed, missing = sorted(settings.CELERY_BEAT_SCHEDULE)[:2]
    hourly, _created = IntervalSchedule.objects.get_or_create(every=1, period="hours")
    PeriodicTask.objects.filter(name=changed).update(interval=hourly, enabled=False)
    PeriodicTask.objects.filter(name=missing).delete()
    _start_beat()
    task = PeriodicTask.objects.get(name=changed)
    assert (task.interval, task.enabled) == (hourly, False)
    assert PeriodicTask.objects.filter(name=missing).exists()
