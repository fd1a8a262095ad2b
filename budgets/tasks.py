"""Background work of the budgets app."""

from celery import shared_task

from partner_center import clock

from .services import retention


@shared_task(name="budgets.end_retention")
def end_retention() -> None:
    """Release frozen resources whose retention has ended, and remind before; safe to repeat."""
    moment = clock.now()
    retention.release_due(moment)
    retention.remind(moment)
