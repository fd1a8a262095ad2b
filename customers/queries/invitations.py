"""Reads of invitations: History Records, one invitation, what a token opens (04 §8.2.2.4)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings

from accounts.models import Account
from partner_center import clock

from ..choices import AssociationModel
from ..models import Invitation, InvitationLink


def digest_of(token: str) -> str:
    """SHA-256 of a token, hexadecimal: what is stored of the link in an e-mail."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(token: str) -> str:
    """The whole address that opens an invitation, for e-mails, links and QR codes."""
    return f"{settings.PORTAL_URL}/invitation/{token}"


def find_by_token(token: str) -> Invitation | InvitationLink | None:
    """What a token opens, whatever its state; None when there is no such link (AF02).

    Lock it with ``locks.lock_invitation`` or ``locks.lock_link`` before deciding.
    """
    emailed = Invitation.objects.select_related("account", "manager", "preregistration")
    if (found := emailed.filter(token_digest=digest_of(token)).first()) is not None:
        return found
    links = InvitationLink.objects.select_related("account", "manager", "campaign")
    return links.filter(token=token).first()


def email_context(
    *,
    partner: Account,
    customer_name: str,
    model: str,
    link: str,
    expires_at: datetime,
) -> dict[str, object]:
    """What the invitation e-mail says; the same for Preview Email and for sending."""
    return {
        "partner": partner.title,
        "customer_name": customer_name,
        "is_referral": model == AssociationModel.REFERRAL,
        "link": link,
        "until": f"{expires_at.astimezone(clock.BUSINESS_ZONE):%b %d, %Y %H:%M} GMT+08:00",
    }
