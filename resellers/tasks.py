"""Background work of resellers."""

from __future__ import annotations

from celery import shared_task

from partner_center import clock

from .services import inviting, requesting


@shared_task(name="resellers.decide_request")
def decide_request(invitation_id: int) -> None:
    """Check one filed request; safe to run any number of times at once."""
    requesting.decide(invitation_id, clock.now())


@shared_task(name="resellers.sweep_requests")
def sweep_requests() -> None:
    """Check the requests whose message was lost or whose worker was killed."""
    for invitation_id in requesting.waiting_requests(clock.now()):
        decide_request.delay(invitation_id)


@shared_task(name="resellers.expire_invitations")
def expire_invitations() -> None:
    """Close invitations that nobody answered in seven days."""
    inviting.expire_invitations(clock.now())
