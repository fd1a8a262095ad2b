"""Real-name authentication through the API, with the vendor's official SDK (B.50 to B.53)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import (
    ApplyEnterpriseRealnameAuthsReq,
    ApplyIndividualRealnameAuthsReq,
    BssintlClient,
    ChangeEnterpriseRealnameAuthenticationRequest,
    ChangeEnterpriseRealnameAuthsReq,
    CreateEnterpriseRealnameAuthenticationRequest,
    CreatePersonalRealnameAuthRequest,
    EnterprisePersonNew,
    ShowRealnameAuthenticationReviewResultRequest,
)

from accounts.models import Account, User
from partner_center.uploads import CERTIFICATE
from realname.models import CertificateScan, RealNameApplication
from realname.services import reviewing
from tests.cast import Cast
from tests.realname.papers import allow_upload, apply, authenticate, upload

from .conftest import Key, call
from .test_sdk import Sdk, refusal

#: Equal calls within a second carry the same signature unless something differs.
_TRIES = count()
INDIVIDUAL = "/v2/customers/realname-auths/individual"
ENTERPRISE = "/v2/customers/realname-auths/enterprise"
RESULT = "/v2/customers/realname-auths/result"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def urls(cast: Cast) -> list[str]:
    """Five files of Tidemark, which may upload as the platform TIDEMARK."""
    allow_upload(cast.tidemark)
    return [file.relative_url for file in upload(cast.actor(cast.mara), 5)]


def personal(cast: Cast, urls: list[str], **changes: Any) -> dict[str, Any]:
    given = {
        "customer_id": cast.harborline.public_id,
        "identify_type": 0,
        "verified_type": 3,
        "verified_file_url": urls[:2],
        "name": "Hana Ocampo",
        "verified_number": "P1234567A",
        "change_type": -1,
        "xaccount_type": "TIDEMARK",
    }
    return {**given, **changes}


def enterprise(cast: Cast, urls: list[str], **changes: Any) -> dict[str, Any]:
    given = {
        "customer_id": cast.harborline.public_id,
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": urls[:2],
        "corp_name": "Harborline Logistics Inc.",
        "verified_number": "CS201912345",
        "reg_country": "PH",
        "reg_address": "1 Harbour Road",
        "xaccount_type": "TIDEMARK",
    }
    return {**given, **changes}


def result(client: BssintlClient, customer: Account) -> Any:
    return client.show_realname_authentication_review_result(
        ShowRealnameAuthenticationReviewResultRequest(customer_id=customer.public_id)
    )


@pytest.mark.requirement("api-B.50", "api-B.53")
def test_a_person_is_sent_for_review_and_rejected(
    cast: Cast, key: Key, sdk: Sdk, urls: list[str]
) -> None:
    client = sdk(key)
    nothing = result(client, cast.harborline)
    assert (nothing.status_code, nothing.review_result, nothing.opinion) == (200, None, None)
    body = ApplyIndividualRealnameAuthsReq(**personal(cast, urls))
    answer = client.create_personal_realname_auth(CreatePersonalRealnameAuthRequest(body=body))
    assert (answer.status_code, answer.is_review) == (200, 1)
    application = RealNameApplication.objects.get()
    assert (application.account, application.submitted_for) == (cast.harborline, cast.tidemark)
    pages = application.scans.order_by("position")
    assert [page.relative_url for page in pages] == urls[:2]
    waiting = result(client, cast.harborline)
    assert (waiting.review_result, waiting.opinion) == (0, None)
    reviewing.reject(cast.actor(cast.olga), application.pk, opinion="Blurred")
    rejected = result(client, cast.harborline)
    assert (rejected.review_result, rejected.opinion) == (1, "Blurred")


@pytest.mark.requirement("api-B.51", "api-B.53")
def test_an_organisation_is_sent_with_its_legal_person_and_approved(
    cast: Cast, key: Key, sdk: Sdk, urls: list[str]
) -> None:
    client = sdk(key)
    person = EnterprisePersonNew(
        legel_name="Hana Ocampo", legel_id_number="P1234567A", certifier_role="legalPerson"
    )
    body = ApplyEnterpriseRealnameAuthsReq(
        **enterprise(cast, urls, verified_file_url=urls[:4], enterprise_person=person)
    )
    answer = client.create_enterprise_realname_authentication(
        CreateEnterpriseRealnameAuthenticationRequest(body=body)
    )
    assert (answer.status_code, answer.is_review) == (200, 1)
    application = RealNameApplication.objects.get()
    assert (application.legal_person, application.country) == ("Hana Ocampo", "PH")
    assert application.scans.count() == 4
    reviewing.approve(cast.actor(cast.olga), application.pk)
    approved = result(client, cast.harborline)
    assert (approved.review_result, approved.opinion) == (2, None)


@pytest.mark.requirement("api-B.52")
def test_an_individual_is_changed_to_an_enterprise(
    cast: Cast, key: Key, sdk: Sdk, urls: list[str]
) -> None:
    client = sdk(key)
    body = ChangeEnterpriseRealnameAuthsReq(**enterprise(cast, urls), change_type=1)
    request = ChangeEnterpriseRealnameAuthenticationRequest(body=body)
    error = refusal(lambda: client.change_enterprise_realname_authentication(request))
    assert (error.status_code, error.error_code) == (400, "CBC.99007004")
    authenticate(cast, cast.hana)
    body.reg_address = "2 Harbour Road"  # an equal call within a second would count as a replay
    answer = client.change_enterprise_realname_authentication(request)
    assert (answer.status_code, answer.is_review) == (200, 1)
    assert RealNameApplication.objects.latest("id").is_change


def _refused(
    cast: Cast, key: Key, answer_to: dict[str, Any], code: str, path: str = INDIVIDUAL
) -> str:
    before = RealNameApplication.objects.count()
    answer = call(key, path=path, body=answer_to, headers={"X-Try": str(next(_TRIES))})
    assert (answer.status, answer.code) == (400, code), answer
    assert RealNameApplication.objects.count() == before
    return answer.message


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "api-A.8")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer_id": ""}, "CBC.0100"),
        ({"identify_type": 1}, "CBC.0100"),
        ({"verified_type": None}, "CBC.0100"),
        ({"verified_type": 4}, "CBC.0100"),
        ({"name": None}, "CBC.0100"),
        ({"name": "2024"}, "CBC.0100"),
        ({"verified_number": None}, "CBC.0100"),
        ({"verified_number": "12"}, "CBC.99007202"),
        ({"change_type": 1}, "CBC.0100"),
        ({"xaccount_type": None}, "CBC.0100"),
        ({"xaccount_type": "ANOTHER"}, "CBC.0100"),
        ({"verified_file_url": []}, "CBC.0100"),
        ({"verified_type": 5}, "CBC.0100"),  # three scans
        ({"verified_file_url": ["download/x.exe", "download/y.exe"]}, "CBC.99000100"),
        ({"verified_file_url": ["download/x.png", "download/y.png"]}, "CBC.99005030"),
        ({"customer_id": "f" * 32}, "CBC.99000035"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_wrong_requests_have_their_codes(
    cast: Cast, key: Key, urls: list[str], changes: dict[str, Any], code: str
) -> None:
    _refused(cast, key, personal(cast, urls, **changes), code)


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "api-A.8")
def test_files_are_used_once_and_only_by_their_owner(
    cast: Cast, key: Key, key_of: Callable[[User], Key], urls: list[str]
) -> None:
    twice = personal(cast, urls, verified_file_url=[urls[0], urls[0]])
    assert "Upload it on API Files again" in _refused(cast, key, twice, "CBC.99005030")
    bare = personal(cast, urls, verified_file_url=[u.removeprefix("download/") for u in urls[:2]])
    _refused(cast, key, bare, "CBC.99005030")
    allow_upload(cast.northgate, "NORTHGATE")
    foreign = personal(cast, urls, customer_id=cast.quarry.public_id, xaccount_type="NORTHGATE")
    _refused(cast, key_of(cast.nora), foreign, "CBC.99005030")
    again = {"X-Try": "again"}
    assert call(key, path=INDIVIDUAL, body=personal(cast, urls), headers=again).status == 200
    used = personal(cast, urls, customer_id=cast.delta.public_id)
    _refused(cast, key, used, "CBC.99005030")


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "api-A.8")
def test_a_file_above_the_limit_is_refused_when_it_is_used(
    cast: Cast, key: Key, urls: list[str]
) -> None:
    CertificateScan.objects.update(size=CERTIFICATE.most_bytes + 1)
    _refused(cast, key, personal(cast, urls), "CBC.99000099")


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "api-A.8")
def test_uploading_must_be_enabled(cast: Cast, key: Key, urls: list[str]) -> None:
    cast.tidemark.terms.delete()
    assert "not enabled" in _refused(cast, key, personal(cast, urls), "CBC.99005030")


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "api-B.51", "api-A.8")
def test_what_the_account_itself_forbids_has_its_codes(
    cast: Cast, key: Key, urls: list[str], settings: Any
) -> None:
    olga = cast.actor(cast.olga)
    person, organisation = personal(cast, urls), enterprise(cast, urls)
    Account.objects.filter(pk=cast.harborline.pk).update(status="suspended")
    _refused(cast, key, person, "CBC.70600026")
    Account.objects.filter(pk=cast.harborline.pk).update(status="active")
    first = apply(cast.actor(cast.hana))
    _refused(cast, key, person, "CBC.99007188")
    _refused(cast, key, organisation, "CBC.99007188", ENTERPRISE)
    reviewing.reject(olga, first.pk, opinion="Forged", bars_number=True)
    _refused(cast, key, person, "CBC.99007193")
    settings.REALNAME_ATTEMPTS_PER_DAY = 1
    _refused(cast, key, person, "CBC.99007191")
    _refused(cast, key, organisation, "CBC.99007191", ENTERPRISE)
    settings.REALNAME_ATTEMPTS_PER_DAY = 5
    settings.REALNAME_ACCOUNTS_PER_CERTIFICATE = 0
    other = replace_number(person, "P7654321B")
    _refused(cast, key, other, "CBC.99007189")
    _refused(cast, key, organisation, "CBC.99007004", ENTERPRISE)
    _refused(cast, key, replace_number(organisation, "none"), "CBC.99007004", ENTERPRISE)
    settings.REALNAME_ACCOUNTS_PER_CERTIFICATE = 5
    again = {"X-Try": "again"}
    assert call(key, path=ENTERPRISE, body=organisation, headers=again).status == 200
    reviewing.approve(olga, RealNameApplication.objects.latest("id").pk)
    _refused(cast, key, other, "CBC.99007188")


def replace_number(body: dict[str, Any], number: str) -> dict[str, Any]:
    return {**body, "verified_number": number}


@pytest.mark.django_db
@pytest.mark.requirement("api-B.50", "02-ROL-06", "02-ORG-04")
def test_only_customers_in_scope_are_known(
    cast: Cast, key_of: Callable[[User], Key], urls: list[str]
) -> None:
    delta = personal(cast, urls, customer_id=cast.delta.public_id)
    jun, nora = key_of(cast.jun), key_of(cast.nora)
    allow_upload(cast.northgate, "NORTHGATE")
    asked = (
        (jun, delta),  # Jun looks after Harborline only
        (nora, personal(cast, urls, xaccount_type="NORTHGATE")),
    )
    for key, body in asked:
        assert _refused(cast, key, body, "CBC.99000035") == "This is not a customer of yours."
    for key, customer in ((jun, cast.delta), (nora, cast.harborline)):
        unknown = call(key, "GET", RESULT, query=[("customer_id", customer.public_id)])
        assert (unknown.status, unknown.code) == (500, "CBC.5002")
    known = call(jun, "GET", RESULT, query=[("customer_id", cast.harborline.public_id)])
    assert (known.status, known.body) == (200, {})
    assert call(jun, path=INDIVIDUAL, body=personal(cast, urls)).status == 200


@pytest.mark.django_db
@pytest.mark.requirement("api-B.53")
def test_the_result_needs_a_customer(key: Key) -> None:
    answer = call(key, "GET", RESULT)
    assert (answer.status, answer.code) == (400, "CBC.0100")
