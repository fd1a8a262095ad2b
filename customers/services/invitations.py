"""Invitations by e-mail: send, send again, what becomes of them (04 §8.2.2.2, 8.2.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import audit.services
import outbox.services
from accounts.models import Account
from partner_center.actors import Actor

from ..choices import AssociationModel, FailureCause, InvitationMethod, InvitationStatus
from ..models import Invitation, PreRegistration, new_token
from ..queries.invitations import address_of, digest_of, email_context
from ..rules.invitations import email_expiry

#: What an Invite or Resend Invite takes up again instead of adding a row.
_RENEWABLE = (InvitationStatus.INVITED, InvitationStatus.EXPIRED)


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
    expires_at = email_expiry(moment, preregistration.expires_at or moment)
    invitation = _renewable(preregistration)
    _kill_links(preregistration)
    values = {
        "token_digest": digest_of(token),
        "model": model or preregistration.model,
        "customer_name": preregistration.customer_name,
        "email": preregistration.email,
        "manager_id": preregistration.manager_id,
        "status": InvitationStatus.INVITED,
        "causes": [],
        "invited_by_id": _sender(actor, preregistration),
        "invited_at": moment,
        "expires_at": expires_at,
        "customer_id": None,
        "finished_at": None,
    }
    for name, value in values.items():
        setattr(invitation, name, value)
    if invitation.pk:
        invitation.save(update_fields=[name.removesuffix("_id") for name in values])
    else:
        invitation.save(force_insert=True)
    _queue_email(invitation, preregistration.account, token)
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
    return invitation


def withdraw_for(preregistration: PreRegistration, moment: datetime) -> int:
    """Kill the links of a pre-registration that ended, in the running transaction.

    Open invitations become Withdrawn; returns how many (04-PRE-09).
    """
    _kill_links(preregistration)
    rows = Invitation.objects.filter(
        preregistration=preregistration, status=InvitationStatus.INVITED
    )
    return rows.update(status=InvitationStatus.WITHDRAWN, finished_at=moment)


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
        account_id=preregistration.account_id,
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


def _queue_email(invitation: Invitation, partner: Account, token: str) -> None:
    context = email_context(
        partner=partner,
        customer_name=invitation.customer_name,
        model=invitation.model,
        link=address_of(token),
        expires_at=invitation.expires_at,
    )
    outbox.services.queue_email(
        "customer_invitation", invitation.email, context, account_id=partner.pk, secret=True
    )
