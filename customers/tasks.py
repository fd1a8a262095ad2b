"""Background work of the customers app."""

from celery import shared_task

from partner_center import clock

from .services import invitations


@shared_task(name="customers.expire_invitations")
def expire_invitations() -> None:
    """Write Expired on invitations whose time is over; safe to repeat."""
    invitations.expire_invitations(clock.now())
