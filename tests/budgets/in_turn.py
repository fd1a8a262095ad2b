"""Calls that meet at a lock: each has begun, and waits, before the next one begins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from partner_center.refusals import Refusal

#: Sessions of this database that wait for a lock; who they are is read afresh each time.
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_PATIENCE = 10


def in_turn(gate: QuerySet, *calls: Callable[[], Any]) -> list[Any]:
    """Answers and refusals of calls that queue up, in this order, for the rows of ``gate``.

    The rows are held until the last call waits for them. So what a call has looked up before its lock
    is old by the time it acts. Any other exception of a call is raised here.
    """
    answers: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            answers[number] = calls[number]()
        except Refusal as refusal:
            answers[number] = refusal
        except Exception as error:  # noqa: BLE001  raised below, in the test's own thread
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    with transaction.atomic():
        assert list(gate.select_for_update(of=("self",), no_key=True))
        for number, thread in enumerate(threads):
            thread.start()
            _wait_for(number + 1)
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refusal):
            raise answer
    return answers


def _wait_for(number: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.01)
    raise AssertionError(f"{number} calls should wait for the lock by now")
