"""Invitations of pre-registered customers by e-mail (04 §8.2.2.2)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings

import audit.services
import outbox.services
from partner_center.actors import Actor

from ..choices import InvitationMethod
from ..models import Invitation, PreRegistration
from ..models.development import new_token

#: How long an e-mailed link leads anywhere (04-INV-05).
LINK_LIFE = timedelta(days=7)


def send_for(actor: Actor, preregistration: PreRegistration, moment: datetime) -> Invitation:
    """Send the invitation e-mail for a valid pre-registration, in the running transaction.

    The link ends with the reservation, after seven days at the latest (D-34).
    """
    token = new_token()
    ends = preregistration.expires_at or moment
    invitation = Invitation.objects.create(
        account_id=preregistration.account_id,
        method=InvitationMethod.EMAIL,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        preregistration=preregistration,
        model=preregistration.model,
        customer_name=preregistration.customer_name,
        email=preregistration.email,
        custom_tag=preregistration.created_by.username,
        manager_id=preregistration.manager_id,
        invited_by_id=preregistration.created_by_id,
        invited_at=moment,
        expires_at=min(moment + LINK_LIFE, ends),
    )
    outbox.services.queue_email(
        "customer_invitation",
        preregistration.email,
        {
            "partner": preregistration.account.title,
            "customer": preregistration.customer_name,
            "link": f"{settings.PORTAL_URL}/invitation/{token}",
            "expires_at": invitation.expires_at,
        },
        account_id=preregistration.account_id,
        secret=True,
    )
    audit.services.record(
        actor,
        "customers.invitation.sent",
        invitation,
        after={"email": invitation.email, "model": str(invitation.model)},
        account_id=preregistration.account_id,
    )
    return invitation
