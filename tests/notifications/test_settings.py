"""SMS & Email Settings, Add Recipient, Recipients."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import OperationRecord
from notifications import queries
from notifications.models import Message, Recipient, TypeSetting
from notifications.policies import Channels
from notifications.services import settings as services
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast

ADD = reverse("notifications:type-recipients") + "?type=partner_budget"
LENA = {
    "new-name": "Lena Ortiz",
    "new-email": "lena@tidemark.example",
    "new-phone_code": "PH",
    "new-phone_number": "917 555 2291",
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mara(cast: Cast) -> Client:
    return signed_in(cast.mara)


@pytest.fixture
def paolo(cast: Cast) -> Recipient:
    return services.create_recipient(
        cast.actor(cast.mara), name="Paolo", email="paolo@tidemark.example", phone="+639175552292"
    )


@pytest.mark.requirement("04-RCP-01")
def test_settings_lead_from_type_to_add_recipient(mara: Client, cast: Cast) -> None:
    page = mara.get(reverse("notifications:settings")).content.decode()
    for words in ("SMS &amp; Email Settings", "Message Type", "Finance", "Partner budget"):
        assert words in page
    assert f'href="{ADD}"' in page
    assert cast.mara.email in page, "who gets the emails until there is a recipient"


@pytest.mark.requirement("04-RCP-02")
def test_inner_add_recipient_keeps_the_ticks_and_ok_saves(
    mara: Client, cast: Cast, paolo: Recipient
) -> None:
    page = mara.post(ADD, {"recipients": [paolo.pk], "add": "1", **LENA})
    lena = Recipient.objects.get(email="lena@tidemark.example")
    assert (lena.name, lena.phone) == ("Lena Ortiz", "+639175552291")
    assert page.status_code == 200
    assert page.context["pick"]["recipients"].value() == [str(paolo.pk), str(lena.pk)]
    assert queries.recipients_of(cast.actor(cast.mara), "partner_budget") == []
    answer = mara.post(ADD, {"recipients": [paolo.pk, lena.pk]})
    assert answer.headers["Location"] == reverse("notifications:settings")
    assert set(queries.recipients_of(cast.actor(cast.mara), "partner_budget")) == {
        paolo.pk,
        lena.pk,
    }


@pytest.mark.requirement("04-RCP-02")
@pytest.mark.parametrize("missing", ["new-name", "new-email", "new-phone_number", "new-phone_code"])
def test_name_email_and_phone_are_required(mara: Client, paolo: Recipient, missing: str) -> None:
    page = mara.post(ADD, {"recipients": [paolo.pk], "add": "1", **(LENA | {missing: ""})})
    assert page.status_code == 422
    assert page.context["new"].errors
    assert page.context["pick"]["recipients"].value() == [str(paolo.pk)]
    kept = next(name for name in ("new-name", "new-email") if name != missing)
    assert LENA[kept] in page.content.decode(), "nothing typed is lost"
    assert Recipient.objects.count() == 1


def test_address_that_is_there_already_is_refused_beside_its_field(
    mara: Client, paolo: Recipient
) -> None:
    page = mara.post(ADD, {"add": "1", **LENA, "new-email": "PAOLO@tidemark.example"})
    assert page.status_code == 422
    assert "exists already" in page.context["new"].errors["email"][0]
    assert Recipient.objects.count() == 1


def test_change_of_recipients_is_recorded_and_told(
    mara: Client, cast: Cast, paolo: Recipient
) -> None:
    mara.post(ADD, {"recipients": [paolo.pk]})
    written = OperationRecord.objects.get(action="notifications.recipients.set")
    assert written.before == {"type": "partner_budget", "recipients": []}
    assert written.after == {"type": "partner_budget", "recipients": ["paolo@tidemark.example"]}
    told = Message.objects.filter(notice__type="settings_changed")
    assert set(told.values_list("user_id", flat=True)) == {cast.mara.pk, cast.felix.pk}
    mara.post(ADD, {"recipients": [paolo.pk]})
    assert OperationRecord.objects.filter(action="notifications.recipients.set").count() == 1


def test_recipient_of_another_account_is_missing(mara: Client, cast: Cast) -> None:
    stranger = services.create_recipient(
        cast.actor(cast.nora), name="Nils", email="nils@north.example", phone="+639175552293"
    )
    assert mara.post(ADD, {"recipients": [stranger.pk]}).status_code == 422
    actor = cast.actor(cast.mara)
    with pytest.raises(NotFound):
        services.set_recipients(actor, code="partner_budget", recipient_ids=[stranger.pk])
    with pytest.raises(NotFound):
        services.set_recipients(actor, code="no_such_type", recipient_ids=[])
    assert queries.recipients_of(actor, "partner_budget") == []


def test_channels_are_saved_and_recorded(mara: Client, cast: Cast) -> None:
    shown = ["partner_budget", "settings_changed"]
    mara.post(reverse("notifications:settings"), {"type": shown, "sms": ["partner_budget"]})
    kind = queries.catalogue.get("partner_budget")
    assert queries.channels_of(cast.tidemark.pk, kind) == Channels(email=False, sms=True)
    assert queries.channels_of(cast.northgate.pk, kind) == Channels(email=True, sms=False)
    [written] = OperationRecord.objects.filter(action="notifications.channels.set")
    assert written.before == {"type": "partner_budget", "email": True, "sms": False}
    assert TypeSetting.objects.count() == 1


@pytest.mark.requirement("04-RCP-01")
def test_finance_specialist_may_and_account_manager_may_not(cast: Cast) -> None:
    assert signed_in(cast.felix).get(ADD).status_code == 200
    assert signed_in(cast.jun).get(ADD).status_code == 403
    with pytest.raises(NotPermitted):
        services.set_channels(cast.actor(cast.jun), chosen={})
    assert not TypeSetting.objects.exists()


@pytest.mark.requirement("07-RBUD-16", "07-RDF-11", "06-DBR-01")
def test_distributor_and_reseller_have_the_same_pages(cast: Cast) -> None:
    for user in (cast.dina, cast.leo):
        client = signed_in(user)
        page = client.get(reverse("notifications:settings")).content.decode()
        for words in ("SMS &amp; Email Settings", "Message Type", "Finance", "Partner budget"):
            assert words in page
        assert f'href="{ADD}"' in page
        added = []
        for name in ("lena", "paolo"):
            entered = LENA | {"new-email": f"{name}@{user.username}.example"}
            client.post(ADD, {"recipients": added, "add": "1", **entered})
            added.append(Recipient.objects.latest("pk").pk)
        answer = client.post(ADD, {"recipients": added})
        assert answer["Location"] == reverse("notifications:settings")
        assert set(queries.recipients_of(cast.actor(user), "partner_budget")) == set(added)


def test_customer_sees_its_own_types_only(cast: Cast) -> None:
    client = signed_in(cast.hana)
    page = client.get(reverse("notifications:settings")).content.decode()
    assert "Account frozen or unfrozen" in page
    assert "Partner budget" not in page
    assert client.get(ADD).status_code == 404


def test_recipient_is_modified_and_deleted(mara: Client, cast: Cast, paolo: Recipient) -> None:
    mara.post(ADD, {"recipients": [paolo.pk]})
    url = reverse("notifications:recipient", args=[paolo.pk])
    values = {"name": "Paolo R.", "email": paolo.email, "phone_code": "PH"}
    refused = mara.post(url, values | {"phone_number": "1"})
    assert refused.status_code == 422
    assert mara.post(url, values | {"phone_number": "9175552294"}).status_code == 302
    paolo.refresh_from_db()
    assert (paolo.name, paolo.phone) == ("Paolo R.", "+639175552294")
    delete = reverse("notifications:recipient-delete", args=[paolo.pk])
    assert "Partner budget" in mara.get(delete).content.decode()
    mara.post(delete)
    assert not Recipient.objects.exists()
    written = OperationRecord.objects.get(action="notifications.recipient.deleted")
    assert written.before["types"] == ["partner_budget"]
