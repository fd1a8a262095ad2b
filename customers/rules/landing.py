"""What an invitation still opens: decisions over plain values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..choices import FailureCause, InvitationStatus, PreRegistrationStatus


def invitation_gone(
    status: str, expires_at: datetime | None, preregistration: str, moment: datetime
) -> FailureCause | None:
    """Why an invitation opens nothing any more (AF02-AF05); None while it does.

    A failed one stays open until it expires: the customer may put things right and try again.
    """
    if status == InvitationStatus.WITHDRAWN:
        return FailureCause.NO_LINK
    if status == InvitationStatus.ASSOCIATED:
        return FailureCause.LINK_USED
    if preregistration == PreRegistrationStatus.ASSOCIATED:
        return FailureCause.CODE_USED
    if status == InvitationStatus.EXPIRED or (expires_at and expires_at <= moment):
        return FailureCause.LINK_EXPIRED
    return None


def link_gone(
    disabled_at: datetime | None, runs: tuple[datetime, datetime] | None, moment: datetime
) -> FailureCause | None:
    """The same for a link or QR code; ``runs`` is the time of its campaign, if it has one."""
    if disabled_at:
        return FailureCause.NO_LINK
    if runs and not runs[0] <= moment < runs[1]:
        return FailureCause.LINK_EXPIRED
    return None


def may_be_waived(causes: Collection[str], reviewable: Collection[str]) -> bool:
    """Whether asking for a review can help: there are causes, and each of them can be waived."""
    return bool(causes) and set(causes) <= set(reviewable)
