"""Send Test: a recipient or a whole type is tried out before it matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import OperationRecord
from notifications.models import Recipient, RecipientTest
from notifications.policies import Channels
from notifications.services import settings as services
from notifications.services import testing
from outbox.models import Delivery
from partner_center.refusals import NotPermitted
from tests.cast import Cast

TYPE = reverse("notifications:type-test") + "?type=partner_budget"


@pytest.fixture
def mara(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.mara)
    return client


@pytest.fixture
def paolo(cast: Cast) -> Recipient:
    return services.create_recipient(
        cast.actor(cast.mara), name="Paolo", email="paolo@tidemark.example", phone="+639175552292"
    )


@pytest.mark.requirement("04-RCP-02")
def test_a_recipient_gets_an_email_and_an_sms_once_a_minute(
    mara: Client, cast: Cast, paolo: Recipient
) -> None:
    address = reverse("notifications:recipient-test", args=[paolo.pk])
    assert "paolo@tidemark.example" in mara.get(address).content.decode()
    page = mara.post(address)
    assert page.status_code == 200 and "Queued" in page.content.decode()
    sent = Delivery.objects.filter(template="recipient_test").order_by("channel")
    assert [(row.channel, row.target) for row in sent] == [
        ("email", "paolo@tidemark.example"),
        ("sms", "+639175552292"),
    ]
    assert "sent this message to see whether" in sent[0].body
    assert OperationRecord.objects.filter(action="notifications.recipient.tested").count() == 1
    refused = mara.post(address)
    assert refused.status_code == 422 and "was tested just now" in refused.content.decode()
    assert RecipientTest.objects.count() == 2
    sent.filter(channel="sms").update(state="failed", last_error="Number unknown")
    part = mara.get(address, {"part": "1"}).content.decode()
    assert "Number unknown" in part and "hx-trigger" in part
    sent.update(state="sent")
    assert "hx-trigger" not in mara.get(address, {"part": "1"}).content.decode()
    RecipientTest.objects.update(sent_at=sent[0].queued_at - timedelta(minutes=1))
    assert mara.post(address).status_code == 200
    paolo.delete()
    assert RecipientTest.objects.filter(recipient=None).count() == 4


@pytest.mark.requirement("04-RCP-02", "04-RCP-04")
def test_a_type_tests_whoever_gets_it_by_its_ways(
    mara: Client, cast: Cast, paolo: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mara.post(TYPE).status_code == 200
    assert Delivery.objects.get(template="recipient_test").target == cast.mara.email
    actor = cast.actor(cast.mara)
    services.set_recipients(actor, code="partner_budget", recipient_ids=[paolo.pk])
    mara.post(TYPE)
    assert list(RecipientTest.objects.values_list("channel", "name").order_by("pk"))[1:] == [
        ("email", "Paolo")
    ]
    services.set_channels(actor, chosen={"partner_budget": Channels(email=False, sms=False)})
    refused = mara.post(TYPE)
    assert refused.status_code == 422 and "neither email nor SMS" in refused.content.decode()
    services.set_channels(actor, chosen={"partner_budget": Channels(email=False, sms=True)})
    monkeypatch.setattr(testing, "MOST_PER_HOUR", 2)
    refused = mara.post(TYPE)
    assert refused.status_code == 422 and "at most 2 test messages" in refused.content.decode()


@pytest.mark.requirement("04-RCP-02", "02-ORG-04")
def test_strangers_and_others_test_nothing(cast: Cast, paolo: Recipient) -> None:
    address = reverse("notifications:recipient-test", args=[paolo.pk])
    for who, status in (("nora", 404), ("jun", 403)):
        client = Client()
        client.force_login(getattr(cast, who))
        assert client.post(address).status_code == status
    with pytest.raises(NotPermitted):
        testing.send_to_type(cast.actor(cast.jun), code="partner_budget")
    assert not RecipientTest.objects.exists()
