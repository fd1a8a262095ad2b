"""Decisions about invitations over plain values."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..choices import InvitationStatus, PreRegistrationStatus

#: How long the link of an e-mail can be used (04-INV-05).
EMAIL_VALIDITY = timedelta(days=7)


def email_expiry(moment: datetime, preregistration_ends: datetime) -> datetime:
    """Until when an e-mailed link holds: seven days, never past the pre-registration (D-34)."""
    return min(moment + EMAIL_VALIDITY, preregistration_ends)


def state_of(status: str, expires_at: datetime | None, moment: datetime) -> InvitationStatus:
    """What an invitation is at ``moment``: past its end it is Expired, job or no job."""
    if status == InvitationStatus.INVITED and expires_at and expires_at <= moment:
        return InvitationStatus.EXPIRED
    return InvitationStatus(status)


def is_valid(status: str, expires_at: datetime | None, moment: datetime) -> bool:
    """Whether a pre-registration reserves its customer at ``moment`` (04-INV-01, PRE-05)."""
    return (
        status == PreRegistrationStatus.REGISTERED
        and expires_at is not None
        and expires_at > moment
    )
