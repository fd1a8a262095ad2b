"""Reads of invitations: the distributor's record, the invited account's own request."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import AccountStage, PartnerKind
from accounts.models import Account
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..causes import Restriction, explain
from ..choices import UNDER_WAY, InvitationStatus
from ..models import ResellerInvitation
from ..permissions import BECOME_RESELLER, VIEW_RESELLERS
from ..refusals import LinkWithoutUse
from .resellers import require_distributor


@dataclass(frozen=True)
class OwnRequest:
    """What the invited account sees of its request (01-RSL-07)."""

    invitation: ResellerInvitation
    restrictions: list[Restriction]

    @property
    def status(self) -> str:
        """Label of the state."""
        return str(self.invitation.get_status_display())

    @property
    def is_running(self) -> bool:
        """Whether the page should ask again."""
        return self.invitation.status == InvitationStatus.ASSOCIATING


def digest_of(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def list_invitations(actor: Actor) -> QuerySet[ResellerInvitation]:
    """All invitations of this distributor, newest first (06-RSL-05)."""
    actor.require(VIEW_RESELLERS)
    require_distributor(actor)
    return ResellerInvitation.objects.visible_to(actor).order_by("-invited_at", "-pk")


def get_invitation(actor: Actor, invitation_id: int) -> ResellerInvitation:
    """One invitation of the actor's account. Raises NotFound."""
    actor.require(VIEW_RESELLERS)
    found = ResellerInvitation.objects.visible_to(actor).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound
    return found


def invitation_of_link(token: str, moment: datetime) -> ResellerInvitation:
    """The invitation behind a link that can still be used. Raises LinkWithoutUse."""
    rows = ResellerInvitation.objects.select_related("account", "reseller")
    found = rows.filter(token_digest=digest_of(token)).first()
    if found is None or not is_usable(found, moment):
        raise LinkWithoutUse
    return found


@dataclass(frozen=True)
class Inviter:
    """What the page Register says to whoever came through a distributor's link."""

    distributor: str
    #: Where the invitation was sent.
    email: str


def inviter_of_link(token: str, moment: datetime) -> Inviter | None:
    """Who invites through this link; None when it cannot be used any more."""
    try:
        found = invitation_of_link(token, moment)
    except LinkWithoutUse:
        return None
    return Inviter(found.account.title, found.email)


def is_usable(invitation: ResellerInvitation, moment: datetime) -> bool:
    """Whether the link still leads somewhere: open to anybody, or answered and not over."""
    if invitation.status == InvitationStatus.INVITED:
        return invitation.expires_at > moment
    return invitation.status in (*UNDER_WAY, InvitationStatus.RESTRICTED)


def own_request(actor: Actor) -> OwnRequest | None:
    """The newest request of the actor's account; None when it never answered an invitation."""
    actor.require(BECOME_RESELLER)
    rows = ResellerInvitation.objects.filter(reseller_id=actor.account_id)
    rows = rows.exclude(status=InvitationStatus.IGNORED).select_related("account", "association")
    if (found := rows.order_by("-answered_at", "-pk").first()) is None:
        return None
    return OwnRequest(found, explain(found.causes))


def is_under_way(account_id: int) -> bool:
    """Whether the account waits for the result of its request."""
    return ResellerInvitation.objects.filter(reseller_id=account_id, status__in=UNDER_WAY).exists()


def is_restricted(account_id: int) -> bool:
    """Whether the account has a request that it can try again."""
    return ResellerInvitation.objects.filter(
        reseller_id=account_id, status=InvitationStatus.RESTRICTED
    ).exists()


def may_not_buy(account_id: int) -> bool:
    """Whether the account is kept from buying and provisioning cloud services for itself.

    True for a reseller from its application on (06-RSL-10, 01-RSL-06) and for a distributor
    (06-DOV-09).
    """
    return account_id in barred_from_buying([account_id])


def barred_from_buying(account_ids: Collection[int]) -> set[int]:
    """Those of these accounts for which :func:`may_not_buy` is true; one query."""
    under_way = ResellerInvitation.objects.filter(reseller=OuterRef("pk"), status__in=UNDER_WAY)
    kinds = (PartnerKind.DISTRIBUTOR, PartnerKind.RESELLER)
    barred = Account.objects.filter(pk__in=account_ids).filter(
        Q(partner_kind__in=kinds) | Exists(under_way)
    )
    return set(barred.values_list("pk", flat=True))


def is_registered(account_id: int) -> bool:
    """Whether the account's registration is complete, so that a request can be filed."""
    return Account.objects.filter(pk=account_id, stage=AccountStage.COMPLETE).exists()
