"""Background work of the resources app."""

from celery import shared_task

from partner_center import clock

from .services import life


@shared_task(name="resources.expire")
def expire() -> None:
    """Write the end of terms, and release what was kept long enough; safe to repeat."""
    moment = clock.now()
    life.expire(moment)
    life.end_retention(moment)
