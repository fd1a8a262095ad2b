"""Promotional campaigns, by the operator (04-LNK-09)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of, refuse_stale

from ..locks import lock_campaign
from ..models import Campaign
from ..permissions import OPERATE_CAMPAIGNS
from ..refusals.invitations import CampaignDates, CampaignEnded, CampaignNameTaken

#: What the form shows, for the stale check.
SEEN_FIELDS = ("name", "description", "starts_at", "ends_at")
ENDS_AFTER_START = gettext_lazy("A campaign ends after it starts.")


@dataclass(frozen=True)
class CampaignDetails:
    """What a campaign is; the moments are aware."""

    name: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""


@transaction.atomic(durable=True)
def create_campaign(actor: Actor, details: CampaignDetails) -> Campaign:
    """Plan a campaign, or start one. Raises CampaignDates, CampaignNameTaken."""
    actor.require(OPERATE_CAMPAIGNS)
    moment = clock.now()
    _refuse_dates(details, moment)
    with _naming_what_is_taken(details.name):
        campaign = Campaign.objects.create(**asdict(details), created_at=moment)
    audit.services.record(actor, "customers.campaign.created", campaign, after=_words(campaign))
    return campaign


@transaction.atomic(durable=True)
def change_campaign(
    actor: Actor, campaign_id: int, details: CampaignDetails, *, seen: str
) -> Campaign:
    """Change a campaign that has not ended; links that were given out follow its dates.

    Raises Stale, CampaignEnded, CampaignDates, CampaignNameTaken, NotFound.
    """
    actor.require(OPERATE_CAMPAIGNS)
    campaign, moment = lock_campaign(campaign_id), clock.now()
    refuse_stale(seen, fingerprint_of(campaign, SEEN_FIELDS))
    if campaign.ends_at <= moment:
        raise CampaignEnded
    _refuse_dates(details, moment)
    before = _words(campaign)
    for name, value in asdict(details).items():
        setattr(campaign, name, value)
    with _naming_what_is_taken(details.name):
        campaign.save(update_fields=list(SEEN_FIELDS))
    audit.services.record(
        actor,
        "customers.campaign.changed",
        campaign,
        before=before,
        after=_words(campaign),
    )
    return campaign


@transaction.atomic(durable=True)
def end_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """End a running campaign now: its links open nothing any more. Raises CampaignEnded, NotFound."""
    actor.require(OPERATE_CAMPAIGNS)
    campaign, moment = lock_campaign(campaign_id), clock.now()
    if not campaign.starts_at < moment < campaign.ends_at:
        raise CampaignEnded
    before = _words(campaign)
    campaign.ends_at = moment
    campaign.save(update_fields=["ends_at"])
    audit.services.record(
        actor, "customers.campaign.ended", campaign, before=before, after=_words(campaign)
    )
    return campaign


def _refuse_dates(details: CampaignDetails, moment: datetime) -> None:
    if details.ends_at <= details.starts_at:
        raise CampaignDates(str(ENDS_AFTER_START))
    if details.ends_at <= moment:
        raise CampaignDates(_("Choose an end in the future."))


def _words(campaign: Campaign) -> dict[str, str]:
    return {name: str(getattr(campaign, name)) for name in SEEN_FIELDS}


@contextmanager
def _naming_what_is_taken(name: str) -> Iterator[None]:
    """Turn the database's refusal of a second campaign of this name into ours."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise CampaignNameTaken(name) from error
