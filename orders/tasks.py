"""Background work of the orders app."""

from celery import shared_task

from partner_center import clock

from .services import auto_renewal, canceling, converting, on_behalf


@shared_task(name="orders.cancel_overdue")
def cancel_overdue() -> None:
    """Cancel orders that were not paid in time; safe to repeat."""
    canceling.cancel_overdue(clock.now())


@shared_task(name="orders.renew_due")
def renew_due() -> None:
    """Try auto-renewals from 03:00 GMT+08:00 on, each resource once a day; safe to repeat."""
    auto_renewal.renew_due(clock.now())


@shared_task(name="orders.convert_due")
def convert_due() -> None:
    """Switch resources to pay-per-use whose term ends like that; safe to repeat."""
    converting.convert_due(clock.now())


@shared_task(name="orders.end_on_behalf_sessions")
def end_on_behalf_sessions() -> None:
    """Close sessions on customers' behalf that may not go on; safe to repeat."""
    on_behalf.end_stale(clock.now())
