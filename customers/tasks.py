"""Background work of the customers app."""

from datetime import timedelta

from celery import shared_task

from partner_center import clock

from .services import assignment_batches, assignments, discounts


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
