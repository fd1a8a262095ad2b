"""Change Email Address and Change Mobile Number (01-BAS-06, BAS-07)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import CodeChannel
from accounts.models import Account, User
from accounts.refusals import IdentityProofMissing
from accounts.services import information, sessions
from audit.models import OperationRecord
from outbox.models import Delivery

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


def _verify(client: Client, target: str = OLD_EMAIL, channel: str = "email") -> None:
    """Pass the identity check that stands before both pages."""
    url = reverse("accounts:verify-identity")
    assert client.post(url, {"channel": channel, "get_code": "1"}).status_code == 200
    answer = client.post(url, {"channel": channel, "verification_code": last_code(target)})
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.requirement("01-BAS-06")
def test_email_changes_after_identity_and_a_code_to_the_new_address(
    client: Client, cast: Cast
) -> None:
    _verify(client)
    url = reverse("information:email")
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
    _verify(client, "+639170000001", "sms")
    url = reverse("information:mobile")
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
    _verify(client, cast.ivy.email)
    url = reverse("information:email")
    client.post(url, {"email": "ivy@tidemark.example", "get_code": "1"})
    code = last_code("ivy@tidemark.example")
    assert (
        client.post(url, {"email": "ivy@tidemark.example", "verification_code": code}).status_code
        == 302
    )
    assert User.objects.get(pk=cast.ivy.pk).email == "ivy@tidemark.example"
    assert Account.objects.get(pk=cast.tidemark.pk).email == OLD_EMAIL


@pytest.mark.requirement("01-BAS-06", "01-BAS-07")
@pytest.mark.parametrize("page", ["email", "mobile"])
def test_the_identity_check_comes_first(client: Client, page: str) -> None:
    url = reverse(f"information:{page}")
    for answer in (client.get(url), client.post(url, {"email": NEW_EMAIL, "get_code": "1"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("accounts:verify-identity"))
    assert not Delivery.objects.exists()


def test_one_identity_check_serves_one_change(client: Client) -> None:
    _verify(client)
    url = reverse("information:email")
    client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    client.post(url, {"email": NEW_EMAIL, "verification_code": last_code(NEW_EMAIL)})
    assert client.get(url)["Location"].startswith(reverse("accounts:verify-identity"))


@pytest.mark.parametrize("taken", ["accounts@northgate.example", "F.CRUZ@tidemark-cloud.example"])
def test_an_email_in_use_is_refused_before_a_code_is_sent(
    client: Client, cast: Cast, taken: str
) -> None:
    _verify(client)
    answer = client.post(reverse("information:email"), {"email": taken, "get_code": "1"})
    assert answer.status_code == 422
    assert "already in use" in answer.content.decode()
    assert not Delivery.objects.filter(target__iexact=taken).exists()


def test_the_present_email_is_no_new_one(client: Client, cast: Cast) -> None:
    _verify(client)
    answer = client.post(
        reverse("information:email"), {"email": OLD_EMAIL.upper(), "get_code": "1"}
    )
    assert answer.status_code == 422
    assert "already your address" in answer.content.decode()


def test_an_email_taken_while_the_code_travels_changes_nothing(client: Client, cast: Cast) -> None:
    _verify(client)
    url = reverse("information:email")
    client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    Account.objects.filter(pk=cast.northgate.pk).update(email=NEW_EMAIL)
    answer = client.post(url, {"email": NEW_EMAIL, "verification_code": last_code(NEW_EMAIL)})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.mara.pk).email == OLD_EMAIL


def test_a_code_for_one_address_does_not_prove_another(client: Client, cast: Cast) -> None:
    _verify(client)
    url = reverse("information:email")
    client.post(url, {"email": NEW_EMAIL, "get_code": "1"})
    code = last_code(NEW_EMAIL)
    answer = client.post(url, {"email": "other@tidemark.example", "verification_code": code})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.mara.pk).email == OLD_EMAIL


def test_a_proof_of_somebody_else_opens_nothing(cast: Cast) -> None:
    felix = cast.actor(cast.felix)
    sessions.send_identity_code(felix, channel=CodeChannel.EMAIL)
    proof = sessions.verify_identity(felix.with_code(last_code(cast.felix.email)))
    ask = {"proof": proof, "channel": CodeChannel.EMAIL, "target": NEW_EMAIL}
    with pytest.raises(IdentityProofMissing):
        information.send_code_to_new_address(cast.actor(cast.mara), **ask)
    with pytest.raises(IdentityProofMissing):
        information.change_address(cast.actor(cast.mara), **ask, code="000000")
    assert not Delivery.objects.filter(target=NEW_EMAIL).exists()
