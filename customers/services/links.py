"""Invitation links: general-purpose, customized, promotional (04 §8.2.2.3, D-34, D-35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

import audit.services
from accounts import locks as account_locks
from accounts.choices import PartnerKind
from accounts.models import Account, User
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssociationModel, InvitationMethod, Tagging
from ..locks import lock_link
from ..models import Campaign, Invitation, InvitationLink
from ..permissions import MANAGE_DEVELOPMENT
from ..queries.assignments import assignees_for, looks_after_customers
from ..queries.development import models_for, refuse_without_development
from ..refusals.invitations import (
    CampaignOver,
    LinkDisabled,
    NoManagerChosen,
    OnlyCustomTag,
    ReferralOff,
)


@dataclass(frozen=True)
class Wish:
    """What the form of customized links asks for. ``custom_tag`` counts with Customize only."""

    model: AssociationModel = AssociationModel.RESELLER
    tagging: Tagging = Tagging.CUSTOMIZE
    custom_tag: str = ""
    manager_id: int | None = None
    remarks: str = ""


@transaction.atomic(durable=True)
def get_general_link(actor: Actor) -> InvitationLink:
    """The actor's own general-purpose link, generated the first time (04-LNK-05).

    It carries the actor's login name as its tag (04-LNK-02). Raises DevelopmentOff.
    """
    actor.require(MANAGE_DEVELOPMENT)
    refuse_without_development(actor)
    return _get_or_generate(actor, InvitationMethod.GENERAL)


@transaction.atomic(durable=True)
def get_promotional_link(actor: Actor, campaign_id: int) -> InvitationLink:
    """The actor's link for a running campaign, generated the first time (04-LNK-09).

    Raises CampaignOver, DevelopmentOff.
    """
    actor.require(MANAGE_DEVELOPMENT)
    refuse_without_development(actor)
    campaign = Campaign.objects.running(clock.now()).filter(pk=campaign_id).first()
    if campaign is None:
        raise CampaignOver
    return _get_or_generate(actor, InvitationMethod.PROMOTION, campaign=campaign)


@transaction.atomic(durable=True)
def generate(actor: Actor, wish: Wish) -> InvitationLink:
    """Generate a customized link (04-LNK-06, D-35). Customers who use it carry its tag.

    Dedicated assigns them to the chosen account manager; Customize to the actor, if it is an account
    manager or director. Raises ReferralOff, NoManagerChosen, OnlyCustomTag, DevelopmentOff.
    """
    actor.require(MANAGE_DEVELOPMENT)
    refuse_without_development(actor)
    _refuse_wish(actor, wish)
    user = account_locks.lock_user(actor.user_id or 0)
    if wish.tagging == Tagging.DEDICATED:
        manager: User | None = _chosen_manager(actor, wish.manager_id)
        tag = manager.username if manager else ""
    else:
        manager = user if looks_after_customers(user.pk) else None
        tag = wish.custom_tag
    link = _create(
        actor,
        InvitationMethod.CUSTOM,
        model=wish.model,
        custom_tag=tag,
        manager=manager,
        remarks=wish.remarks,
    )
    _record_generated(actor, link)
    return link


@transaction.atomic(durable=True)
def disable(actor: Actor, link_id: int) -> InvitationLink:
    """Let a customized link open nothing any more; what it brought stays.

    Raises LinkDisabled, NotFound, DevelopmentOff.
    """
    actor.require(MANAGE_DEVELOPMENT)
    refuse_without_development(actor)
    own = InvitationLink.objects.visible_to(actor).filter(method=InvitationMethod.CUSTOM)
    if not own.filter(pk=link_id).exists():
        raise NotFound
    link = lock_link(link_id)
    if link.disabled_at:
        raise LinkDisabled
    link.disabled_at = clock.now()
    link.save(update_fields=["disabled_at"])
    audit.services.record(
        actor,
        "customers.link.disabled",
        link,
        before={"disabled_at": None},
        after={"disabled_at": link.disabled_at.isoformat()},
    )
    return link


def from_link(link: InvitationLink, customer: Account, moment: datetime) -> Invitation:
    """The invitation of a customer who came through a link, locked, in the running transaction.

    The caller has locked customer and link. A customer who comes again gets the row of the first
    time. Its manager is the link's, as long as that one looks after customers (04-LNK-03).
    """
    manager_id = link.manager_id if looks_after_customers(link.manager_id) else None
    values = {
        "account_id": link.account_id,
        "method": link.method,
        "model": link.model,
        "customer_name": customer.title,
        "email": customer.email,
        "custom_tag": link.custom_tag,
        "manager_id": manager_id,
        "invited_by_id": link.created_by_id,
        "invited_at": moment,
    }
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.get_or_create(link=link, customer=customer, defaults=values)[0]


def _get_or_generate(
    actor: Actor, method: InvitationMethod, campaign: Campaign | None = None
) -> InvitationLink:
    """The actor's link of this kind; the lock of its user lets one request generate it."""
    user = account_locks.lock_user(actor.user_id or 0)
    found = InvitationLink.objects.filter(created_by=user, method=method, campaign=campaign)
    if (link := found.select_related("manager", "campaign").first()) is not None:
        return link
    link = _create(
        actor,
        method,
        custom_tag=user.username,
        manager=user if looks_after_customers(user.pk) else None,
        campaign=campaign,
    )
    _record_generated(actor, link)
    return link


def _create(actor: Actor, method: InvitationMethod, **values: Any) -> InvitationLink:
    return InvitationLink.objects.create(
        account_id=actor.account_id,
        method=method,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        **values,
    )


def _refuse_wish(actor: Actor, wish: Wish) -> None:
    if wish.model not in models_for(actor):
        raise ReferralOff
    plain = wish.tagging == Tagging.CUSTOMIZE and not wish.remarks
    if actor.partner_kind == PartnerKind.RESELLER and not plain:
        raise OnlyCustomTag


def _chosen_manager(actor: Actor, manager_id: int | None) -> User:
    found = assignees_for(actor).filter(pk=manager_id).first()
    if found is None:
        raise NoManagerChosen
    return found


def _record_generated(actor: Actor, link: InvitationLink) -> None:
    audit.services.record(
        actor,
        "customers.link.generated",
        link,
        after={
            "method": str(link.method),
            "model": str(link.model),
            "custom_tag": link.custom_tag,
            "manager": link.manager.username if link.manager else None,
            "campaign": link.campaign.name if link.campaign else None,
        },
    )
