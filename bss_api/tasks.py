"""Background work of the API door."""

from celery import shared_task

from partner_center import clock

from .services import replay


@shared_task(name="bss_api.forget_seen_signatures")
def forget_seen_signatures() -> int:
    """Every five minutes: delete signatures that need no remembering any more."""
    return replay.forget_expired(moment=clock.now())
