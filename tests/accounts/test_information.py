"""Company Information and Account Information (01 §2.2)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import CodeChannel
from accounts.models import Account, User
from accounts.queries import information as queries
from accounts.services import information
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center.refusals import NotPermitted, Stale
from partner_center.stale import fingerprint_of

from ..cast import Cast

pytestmark = pytest.mark.django_db

COMPANY = {
    "full_name": "Tidemark Cloud Inc.",
    "tax_id": "PH-77",
    "industry": "software",
    "website": "https://tidemark.example",
    "profile": "We sell clouds.",
    "address_line1": "1 Pier Road",
    "address_line2": "",
    "city": "Cebu",
    "state": "Cebu",
    "postal_code": "6000",
    "contact_name": "Mara Velasco",
    "contact_position": "CEO",
    "contact_email": "mara@tidemark.example",
    "contact_phone_code": "PH",
    "contact_phone_number": "9175552291",
}


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _seen(account: Account) -> str:
    return fingerprint_of(
        queries.Account.objects.get(pk=account.pk), information.rules.COMPANY_FIELDS
    )


def last_code(target: str) -> str:
    """The digits of the newest code that was sent to an address."""
    body = Delivery.objects.filter(target=target).latest("id").body
    found = re.search(r"\b(\d{6})\b", body)
    assert found, body
    return found.group(1)


def _actions(account: Account) -> list[str]:
    return list(
        OperationRecord.objects.filter(account=account)
        .order_by("id")
        .values_list("action", flat=True)
    )


@pytest.mark.requirement("01-BAS-02")
def test_modified_company_information_is_saved_and_recorded(cast: Cast) -> None:
    data = COMPANY | {"seen": _seen(cast.tidemark)}
    answer = _client(cast.mara).post(reverse("information:company-modify"), data)
    assert answer.status_code == 302, answer.content.decode()
    account = Account.objects.get(pk=cast.tidemark.pk)
    assert account.city == "Cebu"
    assert account.contact_phone == "+639175552291"
    record = OperationRecord.objects.get(action="accounts.company.modified")
    assert record.before["full_name"] == "Tidemark Cloud"
    assert record.after["full_name"] == "Tidemark Cloud Inc."
    assert "address_line2" not in record.after


@pytest.mark.requirement("01-BAS-02")
def test_wrong_input_keeps_what_was_typed(cast: Cast) -> None:
    data = COMPANY | {"seen": _seen(cast.tidemark), "website": "no address", "full_name": ""}
    answer = _client(cast.mara).post(reverse("information:company-modify"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "no address" in page
    assert "We sell clouds." in page
    assert Account.objects.get(pk=cast.tidemark.pk).city == ""
    assert _actions(cast.tidemark) == []


@pytest.mark.requirement("01-BAS-02")
def test_a_stale_form_changes_nothing(cast: Cast) -> None:
    seen = _seen(cast.tidemark)
    Account.objects.filter(pk=cast.tidemark.pk).update(city="Manila")
    answer = _client(cast.mara).post(
        reverse("information:company-modify"), COMPANY | {"seen": seen}
    )
    assert answer.status_code == 409
    assert str(Stale.default_sentence) in answer.content.decode()
    assert Account.objects.get(pk=cast.tidemark.pk).city == "Manila"


@pytest.mark.requirement("01-CSP-08", "01-DST-10")
@pytest.mark.parametrize("who", ["mara", "dina"])
def test_the_address_of_an_approved_partner_is_locked(cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    Account.objects.filter(pk=user.account_id).update(address_line1="1 Pier Road", city="Cebu")
    client = _client(user)
    data = COMPANY | {"seen": _seen(user.account), "city": "Manila"}
    assert client.post(reverse("information:company-modify"), data).status_code == 302
    account = Account.objects.get(pk=user.account_id)
    assert account.city == "Cebu"
    assert account.tax_id == "PH-77"
    assert (
        b"It is fixed since you became a partner"
        in client.get(reverse("information:company")).content
    )


@pytest.mark.requirement("01-CSP-08")
def test_the_service_refuses_a_locked_address_too(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(address_line1="1 Pier Road", city="Cebu")
    with pytest.raises(information.AddressLocked):
        information.modify_company(
            cast.actor(cast.mara), values={"city": "Manila"}, seen=_seen(cast.tidemark)
        )
    assert Account.objects.get(pk=cast.tidemark.pk).city == "Cebu"


@pytest.mark.requirement("01-BAS-02")
def test_a_member_without_the_permission_cannot_modify(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        information.modify_company(
            cast.actor(cast.felix), values={"city": "Manila"}, seen=_seen(cast.tidemark)
        )
    assert Account.objects.get(pk=cast.tidemark.pk).city == ""


@pytest.mark.requirement("01-BAS-04")
def test_account_information_masks_the_addresses(cast: Cast) -> None:
    page = _client(cast.mara).get(reverse("information:account")).content.decode()
    assert "tidemark-cloud" in page
    assert "+63 ****0001" in page
    assert "+639170000001" not in page
    assert "accounts@tidemark-cloud.example" not in page


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("mara", {"company", "account", "preferences", "notifications", "bills"}),
        ("dina", {"company", "account"}),
        ("leo", {"company", "account"}),
        ("hana", {"account", "preferences"}),
        ("olga", {"account", "preferences"}),
    ],
)
@pytest.mark.requirement("01-BAS-08", "01-BAS-11", "01-BAS-14")
def test_each_kind_of_account_has_its_tabs(cast: Cast, who: str, tabs: set[str]) -> None:
    client = _client(getattr(cast, who))
    for tab in ("company", "account", "preferences", "notifications", "bills"):
        answer = client.get(reverse(f"information:{tab}"))
        assert answer.status_code == (200 if tab in tabs else 404), tab


@pytest.mark.requirement("01-BAS-05", "08-AXO-01")
def test_verification_is_off_and_switched_on_without_a_code(cast: Cast) -> None:
    assert not cast.tidemark.verifies
    answer = _client(cast.mara).post(reverse("information:verification"), {"on": "1"})
    assert answer.status_code == 302
    assert Account.objects.get(pk=cast.tidemark.pk).verifies
    assert _actions(cast.tidemark) == ["accounts.verification.switched"]


@pytest.mark.requirement("01-BAS-05", "08-AXO-02")
def test_switching_verification_off_asks_for_a_code(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    client, url = _client(cast.mara), reverse("information:verification")
    assert client.post(url, {"on": "0"}).status_code == 428
    assert Account.objects.get(pk=cast.tidemark.pk).verifies
    from accounts.services import codes

    Delivery.objects.all().delete()
    _forget_codes()
    codes.send_to_user(
        cast.actor(cast.mara), operation="accounts.switch_verification", channel=CodeChannel.EMAIL
    )
    code = last_code("accounts@tidemark-cloud.example")
    assert client.post(url, {"on": "0", "verification_code": code}).status_code == 302
    assert not Account.objects.get(pk=cast.tidemark.pk).verifies
    record = OperationRecord.objects.get(action="accounts.verification.switched")
    assert record.code_verified


def _forget_codes() -> None:
    from accounts.models import VerificationCode

    VerificationCode.objects.all().delete()


@pytest.mark.requirement("08-AXO-06")
def test_customers_have_no_verification_switch(cast: Cast) -> None:
    client = _client(cast.hana)
    page = client.get(reverse("information:account")).content.decode()
    assert "Verify It" not in page
    assert client.post(reverse("information:verification"), {"on": "1"}).status_code == 404
    assert not Account.objects.get(pk=cast.harborline.pk).verifies


@pytest.mark.requirement("08-AXO-06")
@pytest.mark.parametrize("who", ["mara", "dina", "leo", "olga"])
def test_partners_and_the_operator_have_the_switch(cast: Cast, who: str) -> None:
    page = _client(getattr(cast, who)).get(reverse("information:account")).content.decode()
    assert "Switch On" in page


def test_switching_to_the_present_state_is_refused(cast: Cast) -> None:
    answer = _client(cast.mara).post(reverse("information:verification"), {"on": "0"})
    assert answer.status_code == 409
    assert _actions(cast.tidemark) == []


def test_nobody_switches_on_what_it_could_not_answer(cast: Cast) -> None:
    User.objects.filter(pk=cast.mara.pk).update(email="", mobile="")
    answer = _client(cast.mara).post(reverse("information:verification"), {"on": "1"})
    assert answer.status_code == 422
    assert not Account.objects.get(pk=cast.tidemark.pk).verifies
