"""Invitations by e-mail: send, send again, what becomes of them (04 §8.2.2.2, 8.2.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

import audit.services
import outbox.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssociationModel, FailureCause, InvitationMethod, InvitationStatus
from ..locks import lock_invitation, lock_own_preregistration
from ..models import Invitation, PreRegistration, new_token
from ..permissions import MANAGE_DEVELOPMENT
from ..queries import development
from ..queries.invitations import EMAIL_TEMPLATE, address_of, digest_of, email_context
from ..refusals.invitations import NotExpired, NotReserved, ReferralOff
from ..rules.invitations import email_expiry, is_valid, state_of

#: What an Invite or Resend Invite takes up again instead of adding a row.
_RENEWABLE = (InvitationStatus.INVITED, InvitationStatus.EXPIRED)


@transaction.atomic(durable=True)
def invite(actor: Actor, preregistration_id: int, *, model: AssociationModel) -> Invitation:
    """Invite one pre-registered customer by e-mail (04-INV-01 to INV-05).

    A link that was sent before is dead from now on. Raises NotReserved, ReferralOff, DevelopmentOff,
    NotFound.
    """
    actor.require(MANAGE_DEVELOPMENT)
    development.refuse_without_development(actor)
    preregistration = lock_own_preregistration(actor, preregistration_id)
    return _send_if_possible(actor, preregistration, model, clock.now())


@transaction.atomic(durable=True)
def resend(actor: Actor, invitation_id: int) -> Invitation:
    """Send an expired invitation again, with a fresh link; the old one stays dead (04-HIS-04).

    Raises NotExpired, NotReserved, ReferralOff, DevelopmentOff, NotFound.
    """
    actor.require(MANAGE_DEVELOPMENT)
    development.refuse_without_development(actor)
    if not Invitation.objects.visible_to(actor).filter(pk=invitation_id).exists():
        raise NotFound
    invitation, moment = lock_invitation(invitation_id), clock.now()
    state = state_of(invitation.status, invitation.expires_at, moment)
    if state != InvitationStatus.EXPIRED:
        raise NotExpired(str(state.label))
    if invitation.preregistration is None:
        raise NotReserved
    model = AssociationModel(invitation.model)
    return _send_if_possible(actor, invitation.preregistration, model, moment)


def send_for(
    actor: Actor,
    preregistration: PreRegistration,
    moment: datetime,
    *,
    model: AssociationModel | None = None,
) -> Invitation:
    """Send the e-mail that invites a pre-registered customer, in the running transaction.

    The caller has asked the permission and locked the pre-registration, which is valid at
    ``moment``; ``model`` is its own when none is named. Links that were sent before are dead from
    now on: an open or expired invitation gets the new one, any other stays as it ended.
    """
    token = new_token()
    invitation = _renewable(preregistration)
    _kill_links(preregistration)
    expires_at = email_expiry(moment, preregistration.expires_at or moment)
    values: dict[str, Any] = {
        "token_digest": digest_of(token),
        "model": model or preregistration.model,
        "customer_name": preregistration.customer_name,
        "email": preregistration.email,
        "manager": preregistration.manager,
        "status": InvitationStatus.INVITED,
        "invited_by_id": _sender(actor, preregistration),
        "invited_at": moment,
        "expires_at": expires_at,
        "finished_at": None,
    }
    _store(invitation, values)
    _queue_email(invitation, token, expires_at)
    _record_sent(actor, invitation, expires_at)
    return invitation


def expire_invitations(moment: datetime) -> int:
    """Write Expired on open invitations whose time is over; returns how many. Safe to repeat."""
    due = Invitation.objects.filter(status=InvitationStatus.INVITED, expires_at__lte=moment)
    return due.update(status=InvitationStatus.EXPIRED, finished_at=F("expires_at"))


def mark_associated(invitation: Invitation, customer: Account, moment: datetime) -> None:
    """Note that a locked invitation has led to an association, in the running transaction."""
    _finish(invitation, InvitationStatus.ASSOCIATED, customer, (), moment)


def mark_failed(
    invitation: Invitation, customer: Account, causes: Sequence[FailureCause], moment: datetime
) -> None:
    """Note why a locked invitation has not led to an association (04-HIS-03)."""
    _finish(invitation, InvitationStatus.FAILED, customer, causes, moment)


def _finish(
    invitation: Invitation,
    status: InvitationStatus,
    customer: Account,
    causes: Sequence[FailureCause],
    moment: datetime,
) -> None:
    invitation.status = status
    invitation.customer = customer
    invitation.causes = [str(cause) for cause in causes]
    invitation.finished_at = moment
    invitation.save(update_fields=["status", "customer", "causes", "finished_at"])


def _renewable(preregistration: PreRegistration) -> Invitation:
    """The open or expired invitation of the pre-registration, locked; else a new, unsaved one."""
    rows = Invitation.objects.filter(preregistration=preregistration, status__in=_RENEWABLE)
    # "-status" puts Invited before Expired: of open ones there is one at most.
    found = rows.select_for_update(of=("self",), no_key=True).order_by("-status", "-pk").first()
    return found or Invitation(
        account=preregistration.account,
        preregistration=preregistration,
        method=InvitationMethod.EMAIL,
    )


def _kill_links(preregistration: PreRegistration) -> None:
    """Forget the digests: the tokens that were sent open nothing any more."""
    sent = Invitation.objects.filter(preregistration=preregistration).exclude(token_digest="")
    sent.exclude(status=InvitationStatus.ASSOCIATED).update(token_digest="")


def _sender(actor: Actor, preregistration: PreRegistration) -> int:
    """The partner's user who acts; whoever pre-registered when the operator or a job acts."""
    if actor.user_id and actor.account_id == preregistration.account_id:
        return actor.user_id
    return preregistration.created_by_id


def _send_if_possible(
    actor: Actor, preregistration: PreRegistration, model: AssociationModel, moment: datetime
) -> Invitation:
    """Send for a locked pre-registration. Raises ReferralOff, NotReserved."""
    if model not in development.models_for(actor):
        raise ReferralOff
    if not is_valid(preregistration.status, preregistration.expires_at, moment):
        raise NotReserved
    return send_for(actor, preregistration, moment, model=model)


def _store(invitation: Invitation, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(invitation, name, value)
    if invitation.pk:
        invitation.save(update_fields=[name.removesuffix("_id") for name in values])
    else:
        invitation.save(force_insert=True)


def _queue_email(invitation: Invitation, token: str, expires_at: datetime) -> None:
    context = email_context(
        partner=invitation.account,
        customer_name=invitation.customer_name,
        model=invitation.model,
        link=address_of(token),
        expires_at=expires_at,
    )
    outbox.services.queue_email(
        EMAIL_TEMPLATE, invitation.email, context, account_id=invitation.account_id, secret=True
    )


def _record_sent(actor: Actor, invitation: Invitation, expires_at: datetime) -> None:
    audit.services.record(
        actor,
        "customers.invitation.sent",
        invitation,
        after={
            "email": invitation.email,
            "model": str(invitation.model),
            "expires_at": expires_at.isoformat(),
        },
        account_id=invitation.account_id,
    )
