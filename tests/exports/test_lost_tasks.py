"""Killed workers, lost messages, two workers at once: one file in the end, never two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import User
from exports import tasks
from exports.models import ExportTask
from exports.services import cancel_export, run_export, take_silent
from partner_center import clock
from tests import processes

from .conftest import files_in

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WORKER = """
import django
django.setup()
from tests.exports import exporters
from exports.services import run_export
run_export({uid!r})
"""


def add_people(cast, number: int) -> None:
    User.objects.bulk_create(
        User(account=cast.tidemark, username=f"p{i:03d}", created_at=clock.now())
        for i in range(number)
    )


def start_worker(task: ExportTask, folder) -> subprocess.Popen:
    env = processes.environment(MEDIA_ROOT=str(folder))
    command = [sys.executable, "-c", WORKER.format(uid=task.uid)]
    return subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=env)


def fresh(task: ExportTask) -> ExportTask:
    return ExportTask.objects.get(pk=task.pk)


def wait_for(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.requirement("05-EXP-01")
def test_killed_worker_is_followed_by_another_from_scratch(create, cast, storage):
    add_people(cast, 60)
    task = create("test_slow")
    worker = start_worker(task, storage)
    try:
        wait_for(lambda: fresh(task).rows_total == 65)
        run_export(task.uid)
        assert fresh(task).attempts == 1, "a second worker began although the first was alive"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert (fresh(task).status, files_in(storage)) == ("processing", [])

    def taken_over() -> bool:
        run_export(task.uid)
        return fresh(task).status == "completed"

    wait_for(taken_over)
    assert (fresh(task).attempts, fresh(task).rows_done) == (2, 65)
    [path] = files_in(storage)
    assert len(path.read_text("utf-8-sig").splitlines()) == 66


def test_sweep_finds_lost_messages_and_silent_workers(create, cast):
    lost, silent, alive, done = (create() for _number in range(4))
    moment = clock.now()
    old, young = moment - timedelta(seconds=61), moment - timedelta(seconds=59)
    ExportTask.objects.filter(pk=lost.pk).update(touched_at=old)
    ExportTask.objects.filter(pk=silent.pk).update(touched_at=old, status="processing")
    ExportTask.objects.filter(pk=alive.pk).update(touched_at=young, status="processing")
    ExportTask.objects.filter(pk=done.pk).update(touched_at=old, status="failed", failure="x")
    assert take_silent(moment) == [lost.uid, silent.uid]
    assert take_silent(moment) == []


def test_sweep_sends_them_to_the_workers(create, monkeypatch):
    task = create()
    ExportTask.objects.update(touched_at=clock.now() - timedelta(minutes=5))
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_export, "delay", sent.append)
    tasks.sweep()
    assert sent == [task.uid]


def test_task_that_stops_its_worker_three_times_is_given_up(create, storage):
    task = create()
    ExportTask.objects.update(status="processing", attempts=3)
    run_export(task.uid)
    assert fresh(task).status == "failed"
    assert "three times" in fresh(task).failure
    assert files_in(storage) == []


def test_repeating_a_finished_task_changes_nothing(create, storage):
    task = create()
    run_export(task.uid)
    before = ExportTask.objects.values().get()
    run_export(task.uid)
    assert ExportTask.objects.values().get() == before
    run_export("no such task")


def test_file_of_a_killed_attempt_is_replaced(create, storage):
    from django.core.files.base import ContentFile

    task = create()
    default_storage.save(task.storage_name, ContentFile(b"left over"))
    run_export(task.uid)
    [path] = files_in(storage)
    assert b"left over" not in path.read_bytes()


def test_cancel_stops_a_running_worker(create, cast, storage, monkeypatch):
    monkeypatch.setattr("exports.services.runs.SECONDS_BETWEEN_REPORTS", 0)
    monkeypatch.setattr("exports.writing.BUFFER", 64)
    add_people(cast, 400)
    task = create("test_slow")
    worker = threading.Thread(target=_run_in_thread, args=[task.uid])
    worker.start()
    wait_for(lambda: fresh(task).rows_done > 0)
    began = time.monotonic()
    cancel_export(cast.actor(cast.mara), task.uid)
    worker.join()
    assert time.monotonic() - began < 3, "the worker went on to the end"
    assert not ExportTask.objects.exists()
    assert files_in(storage) == []


def _run_in_thread(uid: str) -> None:
    try:
        run_export(uid)
    finally:
        connection.close()
