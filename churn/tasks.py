"""Background work of Customer Alerts."""

from celery import shared_task

from partner_center import clock

from .rules import due_day
from .services import evaluating, telling


@shared_task(name="churn.evaluate")
def evaluate() -> None:
    """Evaluate the day once its usage is complete, and tell who handles; safe to repeat."""
    moment = clock.now()
    if day := due_day(moment):
        evaluating.evaluate(day, moment)
        telling.tell(day, moment)
