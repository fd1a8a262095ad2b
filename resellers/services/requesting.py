"""The invited account answers: it accepts, registers on, is checked and becomes a reseller
(01 §1.5.3.2, §1.5.3.3; 06 §9.2.1.1).

Accepting files the request; a worker checks it (``decide``), so that the page of the result can be
waited on and a crash in between loses nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

import audit.services
import notifications.services
import outbox.services
from accounts.choices import AccountStage, PartnerKind
from accounts.locks import lock_account
from accounts.models import Account
from accounts.services import kinds
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..causes import explain
from ..choices import UNDER_WAY, InvitationStatus
from ..locks import lock_accounts, lock_invitation, lock_invitation_of_link
from ..message_types import MY_DISTRIBUTOR, RESELLER_ANSWERED
from ..models import ResellerAssociation, ResellerInvitation
from ..permissions import BECOME_RESELLER
from ..queries import facts, ties
from ..queries.invitations import digest_of, is_usable
from ..refusals import (
    AlreadyUnderYourDistributor,
    LinkWithoutUse,
    NothingToRetry,
    RequestUnderWay,
)
from ..rules import restrictions
from . import associating

log = logging.getLogger(__name__)

#: Name of the task that checks one request (resellers.tasks); services know no tasks.
DECIDE_TASK = "resellers.decide_request"
#: A request that waits longer is sent to a worker again.
PATIENCE = timedelta(seconds=30)
#: Where the pages keep the link's token while somebody registers an account.
SESSION_KEY = "reseller_invitation"


@transaction.atomic(durable=True)
def accept(actor: Actor, token: str) -> ResellerInvitation:
    """Answer an invitation with the actor's account (01-RSL-02, RSL-03).

    With a complete registration the request is filed at once; otherwise the invitation waits as
    Registered and is filed by itself when the registration is complete. Raises LinkWithoutUse,
    AlreadyUnderYourDistributor, RequestUnderWay.
    """
    actor.require(BECOME_RESELLER)
    account = lock_account(actor.account_id)
    moment = clock.now()
    invitation = _usable(token, moment)
    if invitation.reseller_id not in (None, account.pk):
        raise LinkWithoutUse
    if invitation.status in UNDER_WAY:
        return invitation
    _refuse_elsewhere(account)
    invitation.reseller = account
    invitation.answered_at = moment
    if account.stage == AccountStage.COMPLETE:
        _file(actor, invitation, moment)
    else:
        _move(actor, invitation, InvitationStatus.REGISTERED, "answered")
    return invitation


@transaction.atomic(durable=True)
def ignore(actor: Actor, token: str) -> ResellerInvitation:
    """Let an invitation be: the association is not wanted (01-RSL-09). Raises LinkWithoutUse."""
    actor.require(BECOME_RESELLER)
    moment = clock.now()
    invitation = _usable(token, moment)
    if invitation.status == InvitationStatus.ASSOCIATING:
        raise LinkWithoutUse
    if invitation.reseller_id not in (None, actor.account_id):
        raise LinkWithoutUse
    invitation.reseller_id = actor.account_id
    invitation.decided_at = moment
    _move(actor, invitation, InvitationStatus.IGNORED, "ignored")
    return invitation


@transaction.atomic(durable=True)
def try_again(actor: Actor, invitation_id: int) -> ResellerInvitation:
    """File the own restricted request once more, after its causes were handled (01-RSL-07).

    Raises NothingToRetry, AlreadyUnderYourDistributor, RequestUnderWay, NotFound.
    """
    actor.require(BECOME_RESELLER)
    account = lock_account(actor.account_id)
    invitation = lock_invitation(invitation_id)
    if invitation.reseller_id != account.pk:
        raise NotFound
    if invitation.status != InvitationStatus.RESTRICTED:
        raise NothingToRetry(str(invitation.get_status_display()))
    _refuse_elsewhere(account)
    _file(actor, invitation, clock.now())
    return invitation


def file_waiting(actor: Actor, account: Account, moment: datetime) -> None:
    """File the request of a locked account whose registration is complete now (01-RSL-02)."""
    rows = ResellerInvitation.objects.select_for_update(of=("self",), no_key=True)
    waiting = rows.filter(reseller=account, status=InvitationStatus.REGISTERED)
    for invitation in waiting.select_related("account"):
        _file(actor, invitation, moment)


def waiting_requests(moment: datetime) -> list[int]:
    """Keys of the requests that have waited too long for their check, the oldest first."""
    rows = ResellerInvitation.objects.filter(
        status=InvitationStatus.ASSOCIATING, requested_at__lte=moment - PATIENCE
    )
    return list(rows.order_by("requested_at", "pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def decide(invitation_id: int, moment: datetime) -> ResellerInvitation | None:
    """Check one filed request and associate the account, or restrict it with every cause.

    Safe to repeat: None when it is decided already. Both accounts are locked, so that two requests
    at the same instant see one another (01-RSL-04, RSL-05, RSL-10; 06-RSL-09, RSL-11).
    """
    filed = ResellerInvitation.objects.filter(
        pk=invitation_id, status=InvitationStatus.ASSOCIATING
    ).values("account_id", "reseller_id")
    if (parties := filed.first()) is None:
        return None
    locked = lock_accounts(parties["account_id"], parties["reseller_id"])
    invitation = lock_invitation(invitation_id)
    if invitation.status != InvitationStatus.ASSOCIATING:
        return None
    distributor, reseller = locked[parties["account_id"]], locked[parties["reseller_id"]]
    actor = Actor.system("reseller requests", reseller.pk, reseller.name)
    causes = restrictions(facts.reseller_facts(reseller, distributor=distributor))
    invitation.causes = [str(cause) for cause in causes]
    invitation.decided_at = moment
    if causes:
        _restrict(actor, invitation, distributor, reseller)
    else:
        _associate(actor, invitation, distributor, reseller, moment)
    return invitation


def _usable(token: str, moment: datetime) -> ResellerInvitation:
    """The locked invitation of a link that can still be used. Raises LinkWithoutUse."""
    try:
        invitation = lock_invitation_of_link(digest_of(token))
    except NotFound:
        raise LinkWithoutUse from None
    if not is_usable(invitation, moment):
        raise LinkWithoutUse
    return invitation


def _refuse_elsewhere(account: Account) -> None:
    """One distributor, and one request, at a time. The account is locked."""
    if distributor := ties.distributor_of(account.pk):
        raise AlreadyUnderYourDistributor(distributor.title)
    others = ResellerInvitation.objects.filter(reseller=account, status__in=UNDER_WAY)
    if other := others.select_related("account").first():
        raise RequestUnderWay(other.account.title)


def _file(actor: Actor, invitation: ResellerInvitation, moment: datetime) -> None:
    invitation.requested_at = moment
    invitation.causes = []
    _move(actor, invitation, InvitationStatus.ASSOCIATING, "requested")
    transaction.on_commit(partial(_nudge, invitation.pk), robust=True)


def _restrict(
    actor: Actor, invitation: ResellerInvitation, distributor: Account, reseller: Account
) -> None:
    _move(actor, invitation, InvitationStatus.RESTRICTED, "restricted")
    outbox.services.queue_email(
        "reseller_request_restricted",
        reseller.email,
        {"distributor": distributor.title, "restrictions": explain(invitation.causes)},
        account_id=reseller.pk,
    )
    _tell_distributor(actor, invitation, reseller, "reseller_restricted")


def _associate(
    actor: Actor,
    invitation: ResellerInvitation,
    distributor: Account,
    reseller: Account,
    moment: datetime,
) -> None:
    if reseller.partner_kind != PartnerKind.RESELLER:
        kinds.confer(actor, reseller, PartnerKind.RESELLER)
    invitation.association = associating.complete(
        actor, distributor=distributor, reseller=reseller, moment=moment
    )
    _move(actor, invitation, InvitationStatus.ASSOCIATED, "associated")
    _tell_reseller(actor, invitation.association, distributor)
    _tell_distributor(actor, invitation, reseller, "reseller_associated")


def _move(
    actor: Actor, invitation: ResellerInvitation, status: InvitationStatus, event: str
) -> None:
    """Save the invitation in its next state; one audit record in each of the two books."""
    before = {"status": invitation.status}
    invitation.status = status
    invitation.save(
        update_fields=[
            "status",
            "causes",
            "reseller",
            "association",
            "answered_at",
            "requested_at",
            "decided_at",
        ]
    )
    after = {"status": str(status), "causes": list(invitation.causes)}
    for account_id in filter(None, (invitation.account_id, invitation.reseller_id)):
        audit.services.record(
            actor,
            f"resellers.invitation.{event}",
            invitation,
            before=before,
            after=after,
            account_id=account_id,
        )


def _tell_reseller(actor: Actor, association: ResellerAssociation, distributor: Account) -> None:
    notifications.services.notify(
        actor,
        account_id=association.reseller_id,
        type=MY_DISTRIBUTOR.code,
        key=f"reseller-association:{association.pk}",
        template="associated_with_distributor",
        context={"distributor": distributor.title},
        facts=[(_("Time"), association.associated_at)],
        link=reverse("resellers:distributor"),
        link_label=_("My HUAWEI CLOUD Distributor"),
    )


def _tell_distributor(
    actor: Actor, invitation: ResellerInvitation, reseller: Account, template: str
) -> None:
    restricted = [(_("Cause"), entry.cause) for entry in explain(invitation.causes)]
    facts_told: list[tuple[Any, Any]] = [(_("Email"), invitation.email), *restricted]
    notifications.services.notify(
        actor,
        account_id=invitation.account_id,
        type=RESELLER_ANSWERED.code,
        key=f"reseller-invitation:{invitation.pk}:{invitation.decided_at:%Y%m%d%H%M%S}",
        template=template,
        context={"reseller": reseller.title},
        facts=[*facts_told, (_("Time"), invitation.decided_at)],
        link=reverse("resellers:invitations"),
        link_label=_("Invitation Record"),
    )


def _nudge(invitation_id: int) -> None:
    """Send the request to a worker; without a broker the sweep of the schedule finds it."""
    try:
        current_app.send_task(DECIDE_TASK, [invitation_id], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("The worker could not be woken: %s", error)
