"""Background work of the audit trail."""

from celery import shared_task

from . import sealing


@shared_task(name="audit.seal_records")
def seal_records() -> None:
    """Put committed records into the chain; safe to run at any time and any number of times."""
    sealing.seal_records()
