"""Background work of the customers app."""

from celery import shared_task

from partner_center import clock

from .services import invitations, preregistrations, reviewing


@shared_task(name="customers.expire_preregistrations")
def expire_preregistrations() -> None:
    """End reservations whose 15 days are over (04-PRE-05); safe to repeat."""
    preregistrations.expire_due(clock.now())


@shared_task(name="customers.watch_reviews")
def watch_reviews() -> None:
    """Tell the operator about reviews that are overdue (04-PRE-08); told once each."""
    reviewing.flag_overdue(clock.now())


@shared_task(name="customers.expire_invitations")
def expire_invitations() -> None:
    """Write Expired on invitations whose time is over; safe to repeat."""
    invitations.expire_invitations(clock.now())
