"""What people do with export tasks: create, cancel, repeat, download."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from celery import current_app
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from partner_center import clock, exporting
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .. import locks, queries, rules
from ..choices import ExportStatus, FileFormat
from ..models import ExportTask
from ..permissions import VIEW_EXPORTS
from ..refusals import (
    AlreadyFinished,
    FileExpired,
    NotReady,
    OnBehalfExport,
    StillRunning,
    TooManyTasks,
    UnknownFormat,
)

RUN_TASK = "exports.run_export"


@transaction.atomic(durable=True)
def create_export(
    actor: Actor, export_name: str, params: Mapping[str, Any], file_format: str
) -> ExportTask:
    """Create a task; a worker begins it after the commit (05-EXP-01).

    Raises NotFound for an unknown exporter, NotPermitted without the exporter's permission,
    UnknownFormat and TooManyTasks.
    """
    return _create(actor, export_name, params, file_format)


@transaction.atomic(durable=True)
def repeat_export(actor: Actor, uid: str) -> ExportTask:
    """Create the same task again, for one that failed or whose file expired.

    Raises StillRunning for any other.
    """
    actor.require(VIEW_EXPORTS)
    task = queries.get_task_for(actor, uid)
    if task.status not in (ExportStatus.FAILED, ExportStatus.EXPIRED):
        raise StillRunning
    return _create(actor, task.exporter, task.params, task.file_format)


@transaction.atomic(durable=True)
def cancel_export(actor: Actor, uid: str) -> None:
    """Take back a task that waits or runs: it leaves the history, its worker stops.

    Raises AlreadyFinished when there is nothing to stop any more.
    """
    actor.require(VIEW_EXPORTS)
    task = locks.lock_task(queries.get_task_for(actor, uid))
    if task is None or not task.is_unfinished:
        raise AlreadyFinished
    record(actor, "exports.task.canceled", task, before={"status": task.status})
    transaction.on_commit(partial(default_storage.delete, task.storage_name))
    task.delete()


@transaction.atomic(durable=True)
def record_download(actor: Actor, uid: str) -> ExportTask:
    """The task whose file the actor may have; the download is recorded (05-EXP-02).

    Raises NotReady unless it is completed, FileExpired after seven days, NotPermitted when the
    actor may not export these records (any more).
    """
    actor.require(VIEW_EXPORTS)
    task = queries.get_task_for(actor, uid)
    actor.require(_exporter(task.exporter).permission)
    if task.status == ExportStatus.EXPIRED:
        raise FileExpired
    if task.status != ExportStatus.COMPLETED:
        raise NotReady
    if task.expires_at is None or task.expires_at <= clock.now():
        raise FileExpired
    record(actor, "exports.file.downloaded", task, after={"rows": task.rows_done})
    return task


def _create(
    actor: Actor, export_name: str, params: Mapping[str, Any], file_format: str
) -> ExportTask:
    exporter = _exporter(export_name)
    actor.require(exporter.permission)
    if actor.on_behalf:
        raise OnBehalfExport
    if actor.user_id is None:
        raise ValueError("An export needs a member: the run asks for that member's rights again")
    if file_format not in FileFormat.values:
        raise UnknownFormat
    own = ExportTask.objects.visible_to(actor).filter(created_by=actor.user_id)
    if own.unfinished().count() >= rules.MOST_UNFINISHED:
        raise TooManyTasks
    moment = clock.now()
    task = ExportTask.objects.create(
        uid=secrets.token_hex(16),
        account_id=actor.account_id,
        exporter=export_name,
        title=str(exporter.label),
        description=exporter.describe(actor, params)[:500],
        params=dict(params),
        file_format=file_format,
        created_by_id=actor.user_id,
        created_at=moment,
        touched_at=moment,
    )
    record(
        actor, "exports.task.created", task, after={"params": task.params, "format": file_format}
    )
    # The broker may be away: the task is safe in its row, and the sweep sends it again.
    transaction.on_commit(lambda: _send(task.uid), robust=True)
    return task


def _exporter(name: str) -> exporting.Exporter:
    try:
        return exporting.get(name)
    except KeyError:
        raise NotFound from None


def _send(uid: str) -> None:
    current_app.send_task(RUN_TASK, args=[uid], retry=False)
