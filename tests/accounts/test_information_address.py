"""Change Email Address and Change Mobile Number (01-BAS-06, BAS-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import CodeChannel
from accounts.models import Account, User, VerificationCode
from accounts.services import codes, information
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center import clock

from ..cast import Cast
from .test_information import last_code

pytestmark = pytest.mark.django_db

OLD_EMAIL = "accounts@tidemark-cloud.example"
NEW_EMAIL = "mara.velasco@tidemark.example"


@pytest.fixture
def client(cast: Cast) -> Client:
    """Mara's browser."""
    client = Client()
    client.force_login(cast.mara)
    return client


def _verify(client: Client, page: str, target: str = OLD_EMAIL, channel: str = "email") -> None:
    url = reverse(f"information:{page}")
    sent = client.post(url, {"channel": channel, "get_code": "1"})
    assert sent.status_code == 200
    assert target not in sent.content.decode()
    answer = client.post(url, {"channel": channel, "verification_code": last_code(target)})
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.requirement("01-BAS-06")
def test_email_changes_after_identity_and_a_code_to_the_new_address(
    client: Client, cast: Cast
) -> None:
    _verify(client, "email")
    url = reverse("information:email-new")
    assert client.post(url, {"email": NEW_EMAIL, "get_code": "1"}).status_code == 200
    code = last_code(NEW_EMAIL)
    answer = client.post(url, {"email": NEW_EMAIL, "verification_code": code})
    assert answer.status_code == 302, answer.content.decode()
    assert User.objects.get(pk=cast.mara.pk).email == NEW_EMAIL
    assert Account.objects.get(pk=cast.tidemark.pk).email == NEW_EMAIL
    record = OperationRecord.objects.get(action="accounts.email.changed")
    assert (record.before, record.after) == ({"email": OLD_EMAIL}, {"email": NEW_EMAIL})
    assert "was changed" in Delivery.objects.filter(target=OLD_EMAIL).latest("id").body


@pytest.mark.requirement("01-BAS-07")
def test_mobile_number_changes_the_same_way(client: Client, cast: Cast) -> None:
    _verify(client, "sms", "+639170000001", "sms")
    url = reverse("information:sms-new")
    number = {"mobile_code": "PH", "mobile_number": "9175550000"}
    assert client.post(url, number | {"get_code": "1"}).status_code == 200
    code = last_code("+639175550000")
    assert client.post(url, number | {"verification_code": code}).status_code == 302
    assert User.objects.get(pk=cast.mara.pk).mobile == "+639175550000"
    assert Account.objects.get(pk=cast.tidemark.pk).bound_mobile == "+639175550000"


@pytest.mark.requirement("01-BAS-06")
def test_a_member_changes_its_own_email_only(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ivy)
    _verify(client, "email", cast.ivy.email)
    url = reverse("information:email-new")
    client.post(url, {"email": "ivy@tidemark.example", "get_code": "1"})
    code = last_code("ivy@tidemark.example")
    assert (
        client.post(url, {"email": "ivy@tidemark.example", "verification_code": code}).status_code
        == 302
    )
    assert User.objects.get(pk=cast.ivy.pk).email == "ivy@tidemark.example"
    assert Account.objects.get(pk=cast.tidemark.pk).email == OLD_EMAIL


@pytest.mark.requirement("01-BAS-06")
def test_without_verified_identity_there_is_no_second_step(client: Client, cast: Cast) -> None:
    url = reverse("information:email-new")
    assert client.get(url)["Location"] == reverse("information:email")
    answer = client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    assert answer.status_code == 422
    assert "Verify your identity again" in answer.content.decode()
    assert not Delivery.objects.filter(target=NEW_EMAIL).exists()


def test_a_wrong_identity_code_is_refused_and_counted(client: Client, cast: Cast) -> None:
    url = reverse("information:email")
    client.post(url, {"channel": "email", "get_code": "1"})
    right = last_code(OLD_EMAIL)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answer = client.post(url, {"channel": "email", "verification_code": wrong})
    assert answer.status_code == 422
    assert "Tries left: 4" in answer.content.decode()
    assert VerificationCode.objects.get().wrong_tries == 1


def test_an_empty_identity_code_costs_no_try(client: Client, cast: Cast) -> None:
    url = reverse("information:email")
    client.post(url, {"channel": "email", "get_code": "1"})
    answer = client.post(url, {"channel": "email", "verification_code": ""})
    assert answer.status_code == 422
    assert VerificationCode.objects.get().wrong_tries == 0


@pytest.mark.parametrize("taken", ["accounts@northgate.example", "F.CRUZ@tidemark-cloud.example"])
def test_an_email_in_use_is_refused_before_a_code_is_sent(
    client: Client, cast: Cast, taken: str
) -> None:
    _verify(client, "email")
    answer = client.post(reverse("information:email-new"), {"email": taken, "get_code": "1"})
    assert answer.status_code == 422
    assert "already in use" in answer.content.decode()
    assert not Delivery.objects.filter(target__iexact=taken).exists()


def test_the_present_email_is_no_new_one(client: Client, cast: Cast) -> None:
    _verify(client, "email")
    answer = client.post(
        reverse("information:email-new"), {"email": OLD_EMAIL.upper(), "get_code": "1"}
    )
    assert answer.status_code == 422
    assert "already your address" in answer.content.decode()


def test_an_email_taken_while_the_code_travels_changes_nothing(client: Client, cast: Cast) -> None:
    _verify(client, "email")
    url = reverse("information:email-new")
    client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    Account.objects.filter(pk=cast.northgate.pk).update(email=NEW_EMAIL)
    answer = client.post(url, {"email": NEW_EMAIL, "verification_code": last_code(NEW_EMAIL)})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.mara.pk).email == OLD_EMAIL


def test_a_code_for_one_address_does_not_prove_another(client: Client, cast: Cast) -> None:
    _verify(client, "email")
    url = reverse("information:email-new")
    client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    code = last_code(NEW_EMAIL)
    answer = client.post(url, {"email": "other@tidemark.example", "verification_code": code})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.mara.pk).email == OLD_EMAIL


def test_a_proof_is_for_its_user_its_change_and_ten_minutes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = cast.actor(cast.mara)
    operation = information.identity_operation(CodeChannel.EMAIL)
    codes.send_to_user(actor, operation=operation, channel=CodeChannel.EMAIL)
    proof = information.verify_identity(
        actor.with_code(last_code(OLD_EMAIL)), channel=CodeChannel.EMAIL
    )
    ask = {"proof": proof, "channel": CodeChannel.EMAIL, "target": NEW_EMAIL}
    with pytest.raises(information.IdentityNotVerified):
        information.send_code_to_new_address(cast.actor(cast.felix), **ask)
    with pytest.raises(information.IdentityNotVerified):
        information.send_code_to_new_address(
            actor, **(ask | {"channel": CodeChannel.SMS, "target": "+639175550000"})
        )
    later = (clock.now() + timedelta(minutes=11)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(information.IdentityNotVerified):
        information.send_code_to_new_address(actor, **ask)
    assert not Delivery.objects.filter(target=NEW_EMAIL).exists()
