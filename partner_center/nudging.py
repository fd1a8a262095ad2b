"""Waking a worker when a transaction is through. The schedule sweeps for what no nudge reached."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

#: Seconds after which a nudge that nobody took is dropped: the sweep has been there meanwhile.
EXPIRES = 60


def nudge_on_commit(task: str) -> None:
    """Start a task, by its registered name, after the commit: once, however often it is asked for."""
    wake = _waker(task)
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is wake for _savepoints, callback, _robust in waiting):
        transaction.on_commit(wake, robust=True)


@cache
def _waker(task: str) -> Callable[[], None]:
    """One callback a task, so that it is known again among those that wait."""

    def wake() -> None:
        try:
            current_app.send_task(task, retry=False, expires=EXPIRES)
        except (OperationalError, OSError) as error:
            log.warning("The worker could not be woken for %s: %s", task, error)

    return wake
