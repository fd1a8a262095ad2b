"""Background work of real-name authentication."""

from celery import shared_task

from partner_center import clock

from .services import files


@shared_task(name="realname.expire_files")
def expire_files() -> None:
    """Delete files for the API that no application has named in time."""
    files.expire(clock.now())
