"""Background work of exports."""

from celery import shared_task

from partner_center import clock

from . import services


@shared_task(name="exports.run_export")
def run_export(uid: str) -> None:
    """Write the file of one task; safe to repeat."""
    services.run_export(uid)


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Send tasks again whose message was lost or whose worker was killed."""
    for uid in services.take_silent(clock.now()):
        run_export.delay(uid)


@shared_task(name="exports.expire_files")
def expire_files() -> None:
    """Delete files after their seven days."""
    services.expire_files(clock.now())
