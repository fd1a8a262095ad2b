"""Background work of the customers app."""

from datetime import timedelta

from celery import shared_task

from partner_center import clock

from .services import (
    assignment_batches,
    assignments,
    discounts,
    invitations,
    preregistrations,
    reviewing,
)


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


@shared_task(name="customers.run_assignment_batch")
def run_assignment_batch(batch_id: int) -> None:
    """Work off one batch of assignments; safe to repeat."""
    assignment_batches.run(batch_id)


@shared_task(name="customers.resume_assignment_batches")
def resume_assignment_batches() -> None:
    """Send batches again whose message was lost or whose worker was killed."""
    for batch_id in assignments.unfinished_batches(clock.now() - timedelta(minutes=1)):
        run_assignment_batch.delay(batch_id)


@shared_task(name="customers.end_due_assignments")
def end_due_assignments() -> None:
    """Write the end of assignments whose day has come."""
    assignments.end_due(clock.now())


@shared_task(name="customers.expire_discounts")
def expire_discounts() -> None:
    """Close discounts whose last day is over."""
    discounts.expire(clock.now())
