"""Background work of the outbox."""

from celery import shared_task

from . import sending


@shared_task(name="outbox.send_deliveries")
def send_deliveries() -> None:
    """Send what is due; safe to run at any time and any number of times at once."""
    sending.send_due()
