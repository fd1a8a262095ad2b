"""The distributor invites resellers by e-mail (06 §9.2.1.1)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

import audit.services
import outbox.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor

from ..choices import InvitationStatus
from ..locks import lock_own_invitation
from ..models import ResellerInvitation
from ..permissions import MANAGE_RESELLERS
from ..queries import facts
from ..queries.invitations import digest_of
from ..queries.resellers import require_distributor
from ..refusals import (
    AlreadyInvited,
    AlreadyReseller,
    NothingToSend,
    NothingToWithdraw,
    OutsideRegion,
)

#: How long a link can be answered (06 C-26).
LIFETIME = timedelta(days=7)


@transaction.atomic(durable=True)
def invite(actor: Actor, *, email: str) -> ResellerInvitation:
    """Invite somebody by e-mail to become a reseller (06-RSL-02 to RSL-04).

    Raises AlreadyReseller, OutsideRegion, AlreadyInvited.
    """
    actor.require(MANAGE_RESELLERS)
    require_distributor(actor)
    distributor = Account.objects.get(pk=actor.account_id)
    _refuse_known(email, distributor)
    moment = clock.now()
    _expire(actor, distributor, email, moment)
    invitation, token = _create(actor, distributor, email, moment)
    _send(invitation, token)
    _record(actor, invitation, "created", {}, {"email": email})
    return invitation


@transaction.atomic(durable=True)
def resend(actor: Actor, invitation_id: int) -> ResellerInvitation:
    """Send the e-mail again with a new link, which is valid for seven days (06-RSL-06, RSL-07).

    The old link leads nowhere from now on; an expired invitation is open again. Raises
    NothingToSend, AlreadyReseller, OutsideRegion, AlreadyInvited, NotFound.
    """
    actor.require(MANAGE_RESELLERS)
    invitation = lock_own_invitation(actor, invitation_id)
    if not invitation.may_be_sent:
        raise NothingToSend(str(invitation.get_status_display()))
    _refuse_known(invitation.email, invitation.account)
    moment = clock.now()
    before = {"status": invitation.status, "expires_at": invitation.expires_at.isoformat()}
    token = _renew(invitation, moment)
    _send(invitation, token)
    after = {"status": str(invitation.status), "expires_at": invitation.expires_at.isoformat()}
    _record(actor, invitation, "resent", before, after)
    return invitation


@transaction.atomic(durable=True)
def withdraw(actor: Actor, invitation_id: int) -> ResellerInvitation:
    """Take back an invitation that nobody has accepted: its link leads nowhere from now on.

    Raises NothingToWithdraw, NotFound.
    """
    actor.require(MANAGE_RESELLERS)
    invitation = lock_own_invitation(actor, invitation_id)
    if not invitation.may_be_withdrawn:
        raise NothingToWithdraw(str(invitation.get_status_display()))
    before = {"status": invitation.status}
    invitation.status = InvitationStatus.WITHDRAWN
    invitation.decided_at = clock.now()
    invitation.save(update_fields=["status", "decided_at"])
    _record(actor, invitation, "withdrawn", before, {"status": str(invitation.status)})
    return invitation


@transaction.atomic(durable=True)
def expire_invitations(moment: datetime) -> int:
    """Close invitations that nobody answered in time; returns how many. Safe to repeat."""
    rows = ResellerInvitation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    due = rows.filter(status=InvitationStatus.INVITED, expires_at__lte=moment)
    expired = list(due.select_related("account").order_by("pk"))
    for invitation in expired:
        _close_expired(Actor.system("invitations", invitation.account_id), invitation)
    return len(expired)


def _refuse_known(email: str, distributor: Account) -> None:
    """Refuse addresses of accounts that cannot be invited (06-RSL-03, RSL-04)."""
    if (account := facts.account_of_email(email)) is None:
        return
    if facts.is_under_a_distributor(account.pk):
        raise AlreadyReseller(email)
    allowed, country = facts.countries_of(distributor), facts.country_of(account)
    if country not in allowed:
        raise OutsideRegion(email, facts.country_names([country]), facts.country_names(allowed))


def _expire(actor: Actor, distributor: Account, email: str, moment: datetime) -> None:
    """Close the address's expired invitation now, so that it is not in the way of the next."""
    stale = ResellerInvitation.objects.select_for_update(no_key=True).filter(
        account=distributor,
        email__iexact=email,
        status=InvitationStatus.INVITED,
        expires_at__lte=moment,
    )
    for invitation in stale:
        _close_expired(actor, invitation)


def _close_expired(actor: Actor, invitation: ResellerInvitation) -> None:
    before = {"status": invitation.status}
    invitation.status = InvitationStatus.EXPIRED
    invitation.save(update_fields=["status"])
    _record(actor, invitation, "expired", before, {"status": str(invitation.status)})


def _create(
    actor: Actor, distributor: Account, email: str, moment: datetime
) -> tuple[ResellerInvitation, str]:
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            created = ResellerInvitation.objects.create(
                account=distributor,
                email=email,
                token_digest=digest_of(token),
                invited_by_id=actor.user_id,
                invited_at=moment,
                sent_at=moment,
                expires_at=moment + LIFETIME,
            )
    except IntegrityError as error:
        raise AlreadyInvited(email) from error
    return created, token


def _renew(invitation: ResellerInvitation, moment: datetime) -> str:
    """Give the invitation a new link; an expired one is invited again."""
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest_of(token)
    invitation.sent_at = moment
    invitation.expires_at = moment + LIFETIME
    if invitation.status == InvitationStatus.EXPIRED:
        invitation.status = InvitationStatus.INVITED
    try:
        with transaction.atomic():
            invitation.save(update_fields=["token_digest", "sent_at", "expires_at", "status"])
    except IntegrityError as error:
        raise AlreadyInvited(invitation.email) from error
    return token


def _send(invitation: ResellerInvitation, token: str) -> None:
    outbox.services.queue_email(
        "reseller_invitation",
        invitation.email,
        {
            "distributor": invitation.account.title,
            "token": token,
            "expires_at": invitation.expires_at,
        },
        account_id=invitation.account_id,
        secret=True,
    )


def _record(
    actor: Actor,
    invitation: ResellerInvitation,
    event: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    audit.services.record(
        actor,
        f"resellers.invitation.{event}",
        invitation,
        before=before,
        after=after,
        account_id=invitation.account_id,
    )
