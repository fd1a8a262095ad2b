"""Countries between which Referral is excluded, in the operator's admin (AF15)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import PartnerTerms
from audit.models import OperationRecord
from customers.choices import AssociationModel, FailureCause
from customers.models import ReferralExclusion
from customers.queries import facts
from customers.refusals.referral_exclusions import AlreadyExcluded
from customers.rules import eligibility
from customers.services import referral_exclusions
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:customers_referralexclusion_changelist", "admin:customers_referralexclusion_add"
PAIR = {"partner_country": "PH", "customer_country": "DE"}


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    client = Client()
    client.force_login(cast.olga)
    return client


def _causes(cast: Cast, country: str) -> list[FailureCause]:
    partner = facts.partner_facts(cast.tidemark, customer_country=country)
    return eligibility.association_causes(
        eligibility.CustomerFacts(), partner, AssociationModel.REFERRAL, clock.now()
    )


@pytest.mark.requirement("04-AF15")
def test_an_exclusion_holds_until_it_is_ended(client: Client, cast: Cast) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, may_refer=True)
    assert _causes(cast, "DE") == []
    assert client.post(reverse(ADD), PAIR).status_code == 302
    assert _causes(cast, "DE") == [FailureCause.NO_REFERRAL_COUNTRY]
    assert _causes(cast, "FR") == []
    row = ReferralExclusion.objects.get()
    ended = {"action": "end", "_selected_action": [row.pk]}
    assert "1 row done." in client.post(reverse(LIST), ended, follow=True).content.decode()
    assert _causes(cast, "DE") == []
    actions = OperationRecord.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "customers.referral_exclusion.added",
        "customers.referral_exclusion.ended",
    ]


def test_a_pair_stands_once(client: Client, cast: Cast) -> None:
    assert client.post(reverse(ADD), PAIR).status_code == 302
    again = client.post(reverse(ADD), PAIR)
    assert again.status_code == 422
    assert "already exists" in again.content.decode()
    assert client.post(reverse(ADD), PAIR | {"customer_country": "XX"}).status_code == 422
    with pytest.raises(AlreadyExcluded, match="excluded already"):
        referral_exclusions.exclude(cast.actor(cast.olga), **PAIR)
    assert ReferralExclusion.objects.count() == 1


def test_exclusions_need_the_permission(cast: Cast) -> None:
    row = ReferralExclusion.objects.create(**PAIR)
    for user in (cast.mara, cast.hana):
        with pytest.raises(NotPermitted):
            referral_exclusions.end(cast.actor(user), row.pk)
        with pytest.raises(NotPermitted):
            referral_exclusions.exclude(cast.actor(user), **PAIR)
    with pytest.raises(NotFound):
        referral_exclusions.end(cast.actor(cast.olga), 0)
    assert ReferralExclusion.objects.get() == row
