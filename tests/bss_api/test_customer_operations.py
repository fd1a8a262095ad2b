"""B.1 list_sub_customers and B.4 create_sub_customer, whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import (
    Account,
    AccountStanding,
    PartnerTerms,
    User,
    VerificationCode,
)
from accounts.services import codes
from audit.models import OperationRecord
from bss_api.models import SeenSignature
from budgets.models import FreezeState
from customers.choices import AssociationModel, PreRegistrationStatus
from customers.models import Association, PreRegistration
from customers.services import api_creation
from outbox.models import Delivery
from partner_center import clock
from realname.services import reviewing
from tests.accounts.organization import at_once, refusals
from tests.cast import PASSWORD, Cast
from tests.customers.management import customer, freeze
from tests.realname import papers

from .conftest import SEND, Answer, Key, call

KeyOf = Callable[[User], Key]
LIST, CREATE = "/v2/partners/sub-customers/query", "/v2/partners/sub-customers"
EMAIL = "ops@acme.example"
NEW = {"domain_name": "acme-es", "domain_area": "ES", "xaccount_id": "u-1", "xaccount_type": "shop"}


def _list(key: Key, **criteria: Any) -> Answer:
    return call(key, path=LIST, body=criteria)


def _names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [row["account_name"] for row in answer.body["customer_infos"]]


@pytest.fixture
def shop(cast: Cast) -> PartnerTerms:
    """Tidemark's sales platform."""
    return PartnerTerms.objects.create(account=cast.tidemark, platform_id="shop")


def _create(key: Key, **changes: Any) -> Answer:
    """Create a customer, with a date of its own so that equal calls are no repetitions."""
    SeenSignature.objects.all().delete()
    return call(key, path=CREATE, body={**NEW, **changes})


def _send_code(key: Key, **changes: Any) -> str:
    """The digits of a code that was sent to the customer's address."""
    SeenSignature.objects.all().delete()
    body = {"receiver_type": 2, "email": EMAIL, **changes}
    assert call(key, path=SEND, body=body).status == 204
    mail = Delivery.objects.filter(target=EMAIL).latest("pk")
    return re.search(r"\b\d{6}\b", mail.body)[0]


# --- B.1 --------------------------------------------------------------------------------------


@pytest.mark.requirement("api-B.1")
def test_a_customer_is_answered_whole(cast: Cast, key: Key) -> None:
    account = cast.harborline
    Account.objects.filter(pk=account.pk).update(bound_mobile="+639175552291")
    AccountStanding.objects.create(account=account, level="V3")
    association = Association.objects.get(customer=account)
    Association.objects.filter(pk=association.pk).update(
        custom_tag="freight", xaccount_id="u-7", xaccount_type="shop"
    )
    freeze(association)
    answer = _list(key, customer_id=account.public_id)
    assert answer.body == {
        "customer_infos": [
            {
                "customer": "Harborline",
                "account_name": "harborline",
                "customer_id": account.public_id,
                "associated_on": f"{association.associated_at:%Y-%m-%dT%H:%M:%SZ}",
                "association_type": "3",
                "label": "freight",
                "telephone": "9175552291",
                "verified_status": "-1",
                "country_code": "0063",
                "customer_type": -1,
                "is_frozen": 1,
                "account_managers": [{"account_name": "j.lim"}],
                "xaccount_id": "u-7",
                "xaccount_type": "shop",
                "customer_level": "V3",
                "email": "accounts@harborline.example",
            }
        ],
        "count": 1,
    }


@pytest.mark.requirement("api-B.1")
def test_a_bare_customer_is_answered_too(cast: Cast, key: Key) -> None:
    Account.objects.filter(pk=cast.delta.pk).update(tenant_type="", full_name="")
    row = _list(key, customer_id=cast.delta.public_id).body["customer_infos"][0]
    assert (row["customer_type"], row["is_frozen"], row["account_managers"]) == (-1, 0, [])
    assert (row["telephone"], row["country_code"], row["customer_level"]) == ("", "", "V0")


@pytest.mark.requirement("api-B.1")
def test_what_real_name_authentication_knows_is_answered(
    cast: Cast, key: Key, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def known() -> list[Any]:
        row = _list(key, customer_id=cast.harborline.public_id).body["customer_infos"][0]
        SeenSignature.objects.all().delete()
        return [row[name] for name in ("customer", "verified_status", "customer_type")]

    hana, olga = cast.actor(cast.hana), cast.actor(cast.olga)
    first = papers.apply(hana, papers.LICENCE)
    assert known() == ["Harborline", "0", -1]
    reviewing.reject(olga, first.pk, opinion="Unreadable")
    assert known() == ["Harborline", "1", -1]
    papers.authenticate(cast, cast.hana)
    assert known() == ["Hana Ocampo", "2", 0]
    papers.authenticate(cast, cast.hana, replace(papers.LICENCE, is_change=True))
    assert known() == ["Harborline Logistics Inc.", "2", 1]


@pytest.mark.requirement("api-B.1")
def test_customers_are_found_by_the_name_that_is_answered(
    cast: Cast, key: Key, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    papers.authenticate(cast, cast.hana)
    assert _names(_list(key, customer="OCAMPO")) == ["harborline"]
    assert _names(_list(key, customer="arborlin")) == []
    assert _names(_list(key, customer="delta")) == ["delta-fisheries"]


@pytest.mark.requirement("api-B.1", "api-A.5")
@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["reef", "delta-fisheries", "harborline"]),
        ({"account_name": "EE"}, ["reef"]),
        ({"account_name": "", "customer": None}, ["reef", "delta-fisheries", "harborline"]),
        ({"customer": "delta F"}, ["delta-fisheries"]),
        ({"label": "etai"}, ["reef"]),
        ({"association_type": "1"}, ["reef"]),
        ({"association_type": "3", "account_name": "ee"}, []),
        ({"customer_id": "0" * 32}, []),
        ({"associated_on_begin": "2100-01-01T00:00:00Z"}, ["reef"]),
        ({"associated_on_end": "2099-01-01T00:00:00Z"}, ["delta-fisheries", "harborline"]),
        ({"indirect_partner_id": "ignored"}, ["reef", "delta-fisheries", "harborline"]),
    ],
)
def test_criteria_narrow_the_list(cast: Cast, key: Key, criteria: Any, found: list[str]) -> None:
    reef = customer(cast.tidemark, "reef", custom_tag="Retail", model=AssociationModel.REFERRAL)
    future = clock.now().replace(year=2101, month=1, day=1)
    Association.objects.filter(pk=reef.pk).update(associated_at=future)
    answer = _list(key, **criteria)
    assert _names(answer) == found and answer.body["count"] == len(found)


@pytest.mark.requirement("api-B.1", "api-A.6")
def test_the_list_is_paged(cast: Cast, key: Key) -> None:
    for n in range(11):
        customer(cast.tidemark, f"reef-{n:02d}", days=n)
    assert len(_names(_list(key))) == 10
    answer = _list(key, offset=12, limit=100)
    assert (len(_names(answer)), answer.body["count"]) == (1, 13)
    for offset, shown in ((0, 2), (10, 1), (11, 0)):
        answer = _list(key, account_name="eef", offset=offset, limit=2)
        assert (len(_names(answer)), answer.body["count"]) == (shown, 11)
    for wrong in ({"limit": 101}, {"limit": 0}, {"offset": -1}, {"limit": "x"}):
        answer = _list(key, **wrong)
        assert (answer.status, answer.code) == (400, "CBC.0100")


@pytest.mark.requirement("api-B.1", "api-A.8")
@pytest.mark.parametrize(
    "wrong",
    [{"association_type": "2"}, {"associated_on_begin": "2026-11-20"}, {"label": "x" * 65}],
)
def test_wrong_criteria_are_refused(cast: Cast, key: Key, wrong: Any) -> None:
    answer = _list(key, **wrong)
    assert (answer.status, answer.code) == (400, "CBC.0100")


@pytest.mark.requirement("api-B.1")
def test_a_distributor_names_the_reseller_whose_customers_it_asks_for(
    cast: Cast, key_of: KeyOf
) -> None:
    customer(cast.lagoon, "reef")
    customer(cast.meridian, "atoll")
    dina = key_of(cast.dina)
    assert _names(_list(dina)) == ["atoll"]
    assert _names(_list(dina, indirect_partner_id=cast.lagoon.public_id)) == ["reef"]
    for stranger in (cast.tidemark, cast.meridian):
        answer = _list(dina, indirect_partner_id=stranger.public_id)
        assert (answer.status, answer.code) == (400, "CBC.99000037")


# --- B.4 --------------------------------------------------------------------------------------


@pytest.mark.requirement("api-B.4", "api-A.12")
def test_a_customer_is_created_and_associated(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    answer = _create(key)
    account = Account.objects.get(name="acme-es")
    assert (answer.status, answer.body) == (
        200,
        {"domain_id": account.public_id, "domain_name": "acme-es"},
    )
    assert (account.email, account.country, account.wants_marketing) == ("", "ES", True)
    assert not User.objects.get(account=account).has_usable_password()
    association = Association.objects.live().get(customer=account)
    assert association.account == cast.tidemark
    assert (association.model, association.source) == ("reseller", "api")
    assert (association.xaccount_type, association.xaccount_id) == ("shop", "u-1")
    assert FreezeState.objects.get(association=association).state == "account"
    assert OperationRecord.objects.filter(action="customers.customer.created").exists()
    assert _names(_list(key, account_name="acme")) == ["acme-es"]


@pytest.mark.requirement("api-B.4")
def test_everything_may_be_given(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    answer = _create(
        key,
        email=EMAIL,
        verification_code=_send_code(key),
        password="Sunny-Coast-9",
        is_close_market_ms="true",
        include_association_result=True,
    )
    assert answer.status == 200, answer.body
    account = Account.objects.get(name="acme-es")
    assert (account.email, account.wants_marketing) == (EMAIL, False)
    assert User.objects.get(account=account).check_password("Sunny-Coast-9")
    assert VerificationCode.objects.get(target=EMAIL).used_at


@pytest.mark.requirement("api-B.4")
def test_without_a_name_one_is_made(key: Key, shop: PartnerTerms) -> None:
    first = _create(key, domain_name="").body["domain_name"]
    second = _create(key, domain_name=None, xaccount_id="u-2").body["domain_name"]
    assert len(first) == len(second) == 32 and first != second


@pytest.mark.requirement("api-B.4", "api-A.8")
@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"domain_area": ""}, "CBC.0100", "domain_area"),
        ({"domain_area": "XX"}, "CBC.0100", "no country"),
        ({"xaccount_id": ""}, "CBC.0100", "xaccount_id"),
        ({"xaccount_id": "x" * 65}, "CBC.0100", "xaccount_id"),
        ({"is_close_market_ms": "yes"}, "CBC.0100", "is_close_market_ms"),
        ({"email": "no-address"}, "CBC.0100", "email"),
        ({"email": EMAIL}, "CBC.0100", "verification_code"),
        ({"xaccount_type": "other"}, "CBC.0101", "platform ID"),
        ({"domain_name": "abcd"}, "CBC.99000031", "5 to 32"),
        ({"domain_name": "1acme"}, "CBC.99000031", "digit"),
        ({"domain_name": "op_acme"}, "CBC.99000031", "op_"),
        ({"domain_name": "shadow_acme"}, "CBC.99000031", "shadow_"),
        ({"domain_name": "Harborline"}, "CBC.99000038", "taken"),
        ({"password": "Short-1"}, "CBC.99000036", "8 characters"),
        ({"password": "onlyletters"}, "CBC.99000036", "two kinds"),
        ({"domain_name": "acme-2026", "password": "Acme-2026"}, "CBC.99000036", "account name"),
        ({"domain_name": "acme-2026", "password": "6202-emca"}, "CBC.99000036", "reversed"),
        (
            {"email": EMAIL, "verification_code": "000000", "password": f"X1{EMAIL}"},
            "CBC.99000036",
            "email",
        ),
        ({"email": EMAIL, "verification_code": "000000"}, "CBC.99004008", "expired"),
        (
            {"email": "accounts@delta-fisheries.example", "verification_code": "000000"},
            "CBC.0101",
            "already used",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_created(
    cast: Cast, key: Key, shop: PartnerTerms, changes: Any, code: str, words: str
) -> None:
    before = Account.objects.count()
    answer = _create(key, **changes)
    assert (answer.status, answer.code) == (400, code), answer.body
    assert words in answer.message
    assert Account.objects.count() == before


@pytest.mark.requirement("api-B.4", "api-A.9")
def test_a_platforms_user_has_one_account(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    assert _create(key).status == 200
    answer = _create(key, domain_name="acme-two")
    assert (answer.status, answer.code) == (400, "CBC.99000039")
    assert "u-1" in answer.message and not Account.objects.filter(name="acme-two").exists()


@pytest.mark.requirement("api-B.4")
def test_a_test_partner_creates_nobody(key: Key, shop: PartnerTerms) -> None:
    PartnerTerms.objects.update(is_test=True)
    answer = _create(key)
    assert (answer.code, "test partner" in answer.message) == ("CBC.99005035", True)
    assert not Account.objects.filter(name="acme-es").exists()


@pytest.mark.requirement("api-B.4", "08-CSA-17")
def test_conditions_of_association_hold_here_too(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    PartnerTerms.objects.update(is_prepaid=True)
    answer = _create(key)
    assert (answer.code, "Prepaid partners" in answer.message) == ("CBC.99007004", True)
    PartnerTerms.objects.update(is_prepaid=False)
    moment = clock.now()
    PreRegistration.objects.create(
        account=cast.northgate,
        customer_name="Acme",
        email=EMAIL,
        status=PreRegistrationStatus.REGISTERED,
        created_by=cast.nora,
        created_at=moment,
        registered_at=moment,
        expires_at=moment + timedelta(days=15),
    )
    answer = _create(key, email=EMAIL, verification_code=_send_code(key))
    assert (answer.code, "another partner" in answer.message) == ("CBC.99000051", True)
    assert not Account.objects.filter(name="acme-es").exists()
    assert VerificationCode.objects.get(target=EMAIL).used_at is None


@pytest.mark.requirement("api-B.4", "api-B.3", "08-AXO-07")
def test_three_wrong_tries_end_a_code(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    digits = _send_code(key)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    found = [_create(key, email=EMAIL, verification_code=wrong).code for _n in range(3)]
    assert found == ["CBC.99004010", "CBC.99004010", "CBC.99004009"]
    answer = _create(key, email=EMAIL, verification_code=digits)
    assert (answer.code, "too often" in answer.message) == ("CBC.99004009", True)
    assert not Account.objects.filter(name="acme-es").exists()
    again = _send_code(key)
    assert _create(key, email=EMAIL, verification_code=again).status == 200


@pytest.mark.requirement("api-B.4")
def test_an_expired_and_a_used_code_are_refused(cast: Cast, key: Key, shop: PartnerTerms) -> None:
    digits = _send_code(key)
    VerificationCode.objects.filter(target=EMAIL).update(expires_at=clock.now())
    assert _create(key, email=EMAIL, verification_code=digits).code == "CBC.99004008"
    VerificationCode.objects.filter(target=EMAIL).update(
        expires_at=clock.now() + codes.LIFETIME, used_at=clock.now()
    )
    assert _create(key, email=EMAIL, verification_code=digits).code == "CBC.99004008"
    assert not Account.objects.filter(name="acme-es").exists()


@pytest.mark.requirement("api-B.4", "06-DPR-01")
def test_a_distributor_creates_for_a_reseller_or_with_the_operators_leave(
    cast: Cast, key_of: KeyOf
) -> None:
    terms = PartnerTerms.objects.create(account=cast.meridian, platform_id="shop")
    dina = key_of(cast.dina)
    assert _create(dina).code == "CBC.50010059"
    assert _create(dina, indirect_partner_id=cast.northgate.public_id).code == "CBC.99000037"
    assert not Account.objects.filter(name="acme-es").exists()
    assert _create(dina, indirect_partner_id=cast.lagoon.public_id).status == 200
    association = Association.objects.live().get(customer__name="acme-es")
    assert (association.account, association.distributor) == (cast.lagoon, cast.meridian)
    PartnerTerms.objects.filter(pk=terms.pk).update(may_develop=True)
    assert _create(dina, domain_name="acme-own", xaccount_id="u-2").status == 200
    assert Association.objects.get(customer__name="acme-own").account == cast.meridian


@pytest.mark.requirement("api-B.4", "api-A.9")
@pytest.mark.django_db(transaction=True)
def test_of_two_calls_for_one_platform_user_at_once_one_wins(
    cast: Cast, shop: PartnerTerms
) -> None:
    actor = cast.actor(cast.mara)

    def create(name: str) -> object:
        new = api_creation.NewCustomer(
            country="ES", xaccount_id="u-1", xaccount_type="shop", name=name, password=PASSWORD
        )
        return api_creation.create_customer(actor, new)

    answers = at_once(lambda: create("acme-one"), lambda: create("acme-two"))
    assert refusals(answers) == ["customers.creation.platform_user_taken"]
    assert Account.objects.filter(name__in=["acme-one", "acme-two"]).count() == 1
    assert Association.objects.filter(xaccount_id="u-1").count() == 1
