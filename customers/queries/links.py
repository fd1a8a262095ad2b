"""Reads of invitation links, their QR codes and the campaigns that run (04 §8.2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import InvitationMethod, InvitationStatus
from ..models import Campaign, Invitation, InvitationLink
from ..permissions import VIEW_DEVELOPMENT


@dataclass(frozen=True)
class Promotion:
    """A running campaign, and the actor's link for it if it has one."""

    campaign: Campaign
    link: InvitationLink | None


def general_link(actor: Actor) -> InvitationLink | None:
    """The actor's own general-purpose link; None until it has generated one."""
    actor.require(VIEW_DEVELOPMENT)
    return _own(actor).filter(method=InvitationMethod.GENERAL).first()


def get_link(actor: Actor, link_id: int) -> InvitationLink:
    """One link within the actor's scope. Raises NotFound."""
    actor.require(VIEW_DEVELOPMENT)
    rows = InvitationLink.objects.visible_to(actor).select_related("manager", "campaign")
    if (found := rows.filter(pk=link_id).first()) is None:
        raise NotFound
    return found


def generation_record(actor: Actor) -> QuerySet[InvitationLink]:
    """The customized links that were generated, as far as the actor's scope reaches (04-LNK-07)."""
    actor.require(VIEW_DEVELOPMENT)
    rows = InvitationLink.objects.visible_to(actor)
    return rows.filter(method=InvitationMethod.CUSTOM)


def promotions(actor: Actor, moment: datetime) -> list[Promotion]:
    """The campaigns that run now, the first to end first, each with the actor's link (04-LNK-09)."""
    actor.require(VIEW_DEVELOPMENT)
    links = {link.campaign_id: link for link in _own(actor).exclude(campaign=None)}
    running = Campaign.objects.running(moment).order_by("ends_at", "pk")
    return [Promotion(campaign, links.get(campaign.pk)) for campaign in running]


def associated_count() -> Coalesce:
    """Expression over links: how many customers each has brought; no query per row."""
    brought = Invitation.objects.filter(
        link=OuterRef("pk"), status=InvitationStatus.ASSOCIATED
    ).order_by()
    counted = brought.values("link").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _own(actor: Actor) -> QuerySet[InvitationLink]:
    rows = InvitationLink.objects.filter(account_id=actor.account_id, created_by=actor.user_id)
    return rows.select_related("manager", "campaign")
