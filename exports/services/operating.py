"""What the operator does to export tasks of all accounts."""

from __future__ import annotations

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import ExportTask
from ..permissions import OPERATE_EXPORTS
from ..refusals import AlreadyFinished


@transaction.atomic(durable=True)
def stop_export(actor: Actor, task_id: int) -> None:
    """Take back a task of any account that waits or runs; its worker stops.

    Raises NotFound, AlreadyFinished when there is nothing to stop any more.
    """
    actor.require(OPERATE_EXPORTS)
    task = ExportTask.objects.select_for_update().filter(pk=task_id).first()
    if task is None:
        raise NotFound
    if not task.is_unfinished:
        raise AlreadyFinished
    record(
        actor,
        "exports.task.canceled",
        task,
        before={"status": task.status},
        account_id=task.account_id,
    )
    transaction.on_commit(partial(default_storage.delete, task.storage_name))
    task.delete()
