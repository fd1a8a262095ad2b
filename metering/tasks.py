"""Background work of metering."""

import logging

from celery import shared_task

from partner_center import clock
from partner_center.clock import BillingCycle

from .services import uploads, watching

logger = logging.getLogger(__name__)


@shared_task(name="metering.take_upload")
def take_upload(intake_id: int) -> None:
    """Take in a file that came through the operator's admin; safe to repeat."""
    uploads.run(intake_id)


@shared_task(name="metering.resume_intakes")
def resume_intakes() -> None:
    """Mark intakes whose process died; those of uploaded files go on at once."""
    watching.mark_interrupted(clock.now())
    for intake_id in uploads.interrupted():
        take_upload.delay(intake_id)


@shared_task(name="metering.check_sums")
def check_sums() -> None:
    """Compare roll-ups with charges of the last three cycles; a difference is an error of ours."""
    since = BillingCycle.of(clock.now()).plus(-2)
    for wrong in watching.wrong_sums(str(since)):
        logger.error(
            "Roll-ups of cycle %s of account %s differ from its charges: rebuild the cycle",
            wrong.cycle,
            wrong.customer_id,
        )
