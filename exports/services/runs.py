"""What workers do with export tasks: write the file, look after lost tasks, delete old files."""

from __future__ import annotations

import logging
import tempfile
import time
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from partner_center import clock, exporting
from partner_center.actors import Actor
from partner_center.refusals import Refusal

from .. import locks, queries, rules, snapshot, statement, writing
from ..choices import ExportStatus, FileFormat
from ..models import ExportTask
from ..refusals import NoLongerPermitted

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_REPORTS = 1.0


class TaskGone(Exception):
    """The task was canceled while its file was written."""


def run_export(uid: str) -> None:
    """Write the file of one task and complete or fail it.

    Safe to call at any time and any number of times: a task that is finished, gone, or in the hands
    of a living worker is left alone; one whose worker was killed is begun again from scratch.
    """
    task = ExportTask.objects.filter(uid=uid).first()
    if task is None:
        return
    with snapshot.open_snapshot() as source:
        if not source.claim(task.pk):
            return
        begun = _begin(task, clock.now())
        if begun is not None:
            _carry_out(begun, source)


@transaction.atomic(durable=True)
def take_silent(moment: datetime) -> list[str]:
    """Tasks that wait or run without a sign of life: lost messages and killed workers.

    They count as touched now, so that the next sweep does not send them once more at once.
    """
    silent = ExportTask.objects.unfinished().filter(touched_at__lt=moment - rules.SILENCE)
    uids = dict(silent.order_by("pk").values_list("pk", "uid"))
    ExportTask.objects.unfinished().filter(pk__in=uids).update(touched_at=moment)
    return list(uids.values())


def expire_files(moment: datetime) -> int:
    """Delete the files whose days are over and mark their tasks Expired; returns their number.

    File first: killed in between, the next run finds the task still completed.
    """
    due = ExportTask.objects.filter(status=ExportStatus.COMPLETED, expires_at__lte=moment)
    expired = 0
    for task in due.order_by("pk").iterator():
        default_storage.delete(task.storage_name)
        expired += due.filter(pk=task.pk).update(status=ExportStatus.EXPIRED)
    return expired


@transaction.atomic(durable=True)
def _begin(task: ExportTask, moment: datetime) -> ExportTask | None:
    """Mark the task as running; None when there is nothing to do any more."""
    locked = locks.lock_task(task)
    if locked is None or not locked.is_unfinished:
        return None
    if locked.attempts >= rules.MOST_ATTEMPTS:
        _finish_badly(locked, "The task was stopped three times and is given up.", moment)
        return None
    locked.status = ExportStatus.PROCESSING
    locked.attempts += 1
    locked.started_at = locked.touched_at = moment
    locked.rows_done, locked.rows_total = 0, None
    locked.save(
        update_fields=[
            "status",
            "attempts",
            "started_at",
            "touched_at",
            "rows_done",
            "rows_total",
        ]
    )
    return locked


def _carry_out(task: ExportTask, source: snapshot.Snapshot) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / f"export.{task.file_format}"
            rows = _write(task, source, path)
            _store(task, path)
            _complete(task, rows, path.stat().st_size)
    except TaskGone:
        default_storage.delete(task.storage_name)
    except Refusal as refusal:
        _finish_badly(task, refusal.sentence, clock.now())
    except Exception:
        reference = task.uid[:8].upper()
        logger.exception("Export %s failed, reference %s", task.pk, reference)
        words = f"The file could not be written. Nothing was changed. Reference {reference}"
        _finish_badly(task, words, clock.now())


def _write(task: ExportTask, source: snapshot.Snapshot, path: Path) -> int:
    exporter = exporting.get(task.exporter)
    actor = queries.creator_of(task)
    if not actor.can(exporter.permission):
        raise NoLongerPermitted
    is_csv = task.file_format == FileFormat.CSV
    rows = exporter.source(actor, task.params)
    compiled = statement.compile_source(rows, guarded=is_csv)
    total = source.count(compiled.count_sql, compiled.count_params)
    _update(task, rows_total=total)
    report = _Reporter(task, total)
    if not is_csv:
        return writing.write_xlsx(source, compiled, path, report)
    mark = rows.byte_order_mark
    return writing.write_csv(source, compiled, path, report, byte_order_mark=mark)


class _Reporter:
    """Writes the rows done into the task, about once a second; stops the work of a gone task."""

    def __init__(self, task: ExportTask, total: int) -> None:
        self._task = task
        self._total = total
        self._last = time.monotonic()

    def __call__(self, rows: int) -> None:
        if time.monotonic() - self._last < SECONDS_BETWEEN_REPORTS:
            return
        self._last = time.monotonic()
        _update(self._task, rows_done=min(rows, self._total))


def _update(task: ExportTask, **values: int) -> None:
    running = ExportTask.objects.filter(pk=task.pk, status=ExportStatus.PROCESSING)
    if not running.update(touched_at=clock.now(), **values):
        raise TaskGone


def _store(task: ExportTask, path: Path) -> None:
    """Put the file where it belongs; one that a killed worker left there goes first."""
    default_storage.delete(task.storage_name)
    with path.open("rb") as content:
        default_storage.save(task.storage_name, File(content))


@transaction.atomic(durable=True)
def _complete(task: ExportTask, rows: int, size: int) -> None:
    locked = locks.lock_task(task)
    if locked is None:
        raise TaskGone
    moment = clock.now()
    locked.status = ExportStatus.COMPLETED
    locked.rows_done = locked.rows_total = rows
    locked.file_size = size
    locked.finished_at = locked.touched_at = moment
    locked.expires_at = moment + rules.KEPT
    locked.save(
        update_fields=[
            "status",
            "rows_done",
            "rows_total",
            "file_size",
            "finished_at",
            "touched_at",
            "expires_at",
        ]
    )
    actor = Actor.system("exports", locked.account_id)
    record(actor, "exports.task.completed", locked, after={"rows": rows, "bytes": size})


def _finish_badly(task: ExportTask, words: str, moment: datetime) -> None:
    ExportTask.objects.filter(pk=task.pk).unfinished().update(
        status=ExportStatus.FAILED, failure=words[:500], finished_at=moment, touched_at=moment
    )
    default_storage.delete(task.storage_name)
