"""Locks of exports."""

from .models import ExportTask


def lock_task(task: ExportTask) -> ExportTask | None:
    """The task, locked until the transaction ends; None when it was canceled meanwhile."""
    return ExportTask.objects.select_for_update().filter(pk=task.pk).first()
