"""Promotional campaigns and the list of invitations, in the operator's admin (04-LNK-09)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import OperationRecord
from customers.models import Campaign
from customers.refusals.invitations import CampaignDates, CampaignEnded, CampaignNameTaken
from customers.services import campaigns
from customers.services.campaigns import SEEN_FIELDS, CampaignDetails
from partner_center import clock
from partner_center.refusals import NotPermitted, Stale
from partner_center.stale import fingerprint_of

from ..accounts.organization import signed_in
from .invited import reserve, sent

pytestmark = pytest.mark.django_db
ADD = "/admin/customers/campaign/add/"


def _details(name: str = "Cloud Week", *, start: int = -1, end: int = 10) -> CampaignDetails:
    now = clock.now()
    return CampaignDetails(name, now + timedelta(days=start), now + timedelta(days=end), "Vouchers")


def _form(name: str = "Cloud Week", *, start: int = -1, end: int = 10, **more: str) -> dict:
    details = _details(name, start=start, end=end)
    found = {"name": details.name, "description": details.description, **more}
    for field in ("starts_at", "ends_at"):
        local = getattr(details, field).astimezone(clock.BUSINESS_ZONE)
        found |= {f"{field}_0": f"{local:%Y-%m-%d}", f"{field}_1": f"{local:%H:%M:%S}"}
    return found


@pytest.mark.requirement("04-LNK-09")
def test_the_operator_creates_changes_and_ends_a_campaign(cast) -> None:
    client = signed_in(cast.olga)
    assert client.post(ADD, _form()).status_code == 302
    campaign = Campaign.objects.get()
    url = reverse("admin:customers_campaign_change", args=[campaign.pk])
    seen = fingerprint_of(campaign, SEEN_FIELDS)
    assert client.post(url, _form("Cloud Month", seen=seen)).status_code == 302
    campaign.refresh_from_db()
    assert campaign.name == "Cloud Month"
    assert client.post(url.replace("change/", "end/"), {}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.ends_at <= clock.now()
    actions = OperationRecord.objects.filter(action__startswith="customers.campaign.")
    assert sorted(record.action.rpartition(".")[2] for record in actions) == [
        "changed",
        "created",
        "ended",
    ]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [(2, 1, "A campaign ends after it starts."), (-3, -1, "Choose an end in the future.")],
)
def test_impossible_dates_are_refused_at_the_form(cast, start: int, end: int, sentence) -> None:
    answer = signed_in(cast.olga).post(ADD, _form(start=start, end=end))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    with pytest.raises(CampaignDates):
        campaigns.create_campaign(cast.actor(cast.olga), _details(start=start, end=end))
    assert not Campaign.objects.exists()


def test_a_name_is_taken_once(cast) -> None:
    actor = cast.actor(cast.olga)
    campaigns.create_campaign(actor, _details())
    with pytest.raises(CampaignNameTaken):
        campaigns.create_campaign(actor, _details())
    other = campaigns.create_campaign(actor, _details("Other"))
    with pytest.raises(CampaignNameTaken):
        campaigns.change_campaign(
            actor, other.pk, _details(), seen=fingerprint_of(other, SEEN_FIELDS)
        )
    other.refresh_from_db()
    assert other.name == "Other" and Campaign.objects.count() == 2


def test_a_stale_form_and_an_ended_campaign_change_nothing(cast) -> None:
    actor = cast.actor(cast.olga)
    campaign = campaigns.create_campaign(actor, _details())
    with pytest.raises(Stale):
        campaigns.change_campaign(actor, campaign.pk, _details("Other"), seen="old")
    campaigns.end_campaign(actor, campaign.pk)
    campaign.refresh_from_db()
    with pytest.raises(CampaignEnded):
        campaigns.end_campaign(actor, campaign.pk)
    with pytest.raises(CampaignEnded):
        campaigns.change_campaign(
            actor, campaign.pk, _details("Other"), seen=fingerprint_of(campaign, SEEN_FIELDS)
        )
    planned = campaigns.create_campaign(actor, _details("Planned", start=1))
    with pytest.raises(CampaignEnded):
        campaigns.end_campaign(actor, planned.pk)


def test_partners_run_no_campaigns(cast) -> None:
    with pytest.raises(NotPermitted):
        campaigns.create_campaign(cast.actor(cast.mara), _details())
    assert signed_in(cast.mara).post(ADD, _form()).status_code == 404
    assert not Campaign.objects.exists()


def test_the_operator_reads_invitations_and_changes_none(cast) -> None:
    invitation = sent(cast.actor(cast.mara), reserve(cast.mara))
    client = signed_in(cast.olga)
    html = client.get("/admin/customers/invitation/").content.decode()
    assert "Coral Bay Resorts" in html and "Invited" in html
    url = reverse("admin:customers_invitation_change", args=[invitation.pk])
    html = client.get(url).content.decode()
    assert invitation.token_digest not in html
    assert client.post(url, {"email": "x@x.example"}).status_code in (403, 404)
    invitation.refresh_from_db()
    assert invitation.email == "it@coralbay.example"
