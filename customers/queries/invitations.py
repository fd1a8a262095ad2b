"""Reads of invitations: History Records, one invitation, what a token opens (04 §8.2.2.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils.functional import Promise

import outbox.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..causes import ADVICE
from ..choices import AssociationModel, FailureCause, InvitationStatus
from ..models import Invitation, InvitationLink, PreRegistration
from ..permissions import MANAGE_DEVELOPMENT, VIEW_DEVELOPMENT
from ..rules.invitations import EMAIL_VALIDITY, email_expiry

#: Name of the invitation e-mail in ``templates/emails``.
EMAIL_TEMPLATE = "customer_invitation"
#: In the preview, where the e-mail has the customer's own token.
_IN_PREVIEW = "…"


def list_invitations(actor: Actor) -> QuerySet[Invitation]:
    """History Records: invitations within the actor's scope, each with its ``state`` as of now.

    An open one whose time is over has the state Expired, whether or not the job has written it.
    """
    actor.require(VIEW_DEVELOPMENT)
    return Invitation.objects.visible_to(actor).annotate(state=_state_at(clock.now()))


def chosen_invitations(actor: Actor, invitation_ids: Iterable[int]) -> list[Invitation]:
    """Some of them, the oldest first. Raises NotFound when one is missing or out of scope."""
    wanted = set(invitation_ids)
    found = list(list_invitations(actor).filter(pk__in=wanted).order_by("invited_at", "pk"))
    if not wanted or len(found) != len(wanted):
        raise NotFound
    return found


def chosen_customers(actor: Actor, preregistration_ids: Iterable[int]) -> list[PreRegistration]:
    """Pre-registrations to invite, in the order they were made. Raises NotFound as above."""
    actor.require(MANAGE_DEVELOPMENT)
    wanted = set(preregistration_ids)
    rows = PreRegistration.objects.visible_to(actor).filter(pk__in=wanted)
    found = list(rows.filter(deleted_at=None).order_by("created_at", "pk"))
    if not wanted or len(found) != len(wanted):
        raise NotFound
    return found


def explained(causes: Iterable[str]) -> list[tuple[str | Promise, str | Promise]]:
    """Each cause of a failed association with what the partner can do about it (04-HIS-03)."""
    return [(FailureCause(code).label, ADVICE[code]) for code in causes]


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


def preview(
    actor: Actor,
    *,
    customer_name: str,
    model: AssociationModel,
    moment: datetime,
    preregistration_ends: datetime | None = None,
) -> outbox.services.Draft:
    """The invitation e-mail as it would be sent at ``moment``, without a token (04-INV-03)."""
    actor.require(VIEW_DEVELOPMENT)
    ends = email_expiry(moment, preregistration_ends) if preregistration_ends else None
    context = email_context(
        partner=Account.objects.get(pk=actor.account_id),
        customer_name=customer_name,
        model=model,
        link=address_of(_IN_PREVIEW),
        expires_at=ends or moment + EMAIL_VALIDITY,
    )
    return outbox.services.draft_email(EMAIL_TEMPLATE, context)


def _state_at(moment: datetime) -> Case:
    over = When(
        status=InvitationStatus.INVITED,
        expires_at__lte=moment,
        then=Value(InvitationStatus.EXPIRED.value),
    )
    return Case(over, default=F("status"), output_field=CharField())
