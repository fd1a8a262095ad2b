"""The vendor's official SDK, unchanged, against a live server (E)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import huaweicloudsdkbssintl.v2 as bssintl
import pytest
from huaweicloudsdkbssintl.v2 import (
    BssintlClient,
    CheckSubcustomerUserReq,
    CheckUserIdentityRequest,
    CreateCustomerV2Req,
    CreateSubCustomerRequest,
    ListSubCustomersRequest,
    QuerySubCustomerListReq,
    SendVerificationCodeV2Req,
    SendVerificationMessageCodeRequest,
    ShowPartnerConsumptionQuotaRequest,
)
from huaweicloudsdkbssintl.v2.region.bssintl_region import BssintlRegion
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from accounts.models import PartnerTerms, User, VerificationCode
from bss_api.operations import OPERATIONS
from outbox.models import Delivery
from partner_center import clock
from tests.cast import Cast

from .conftest import Key

Sdk = Callable[..., BssintlClient]
ECHO = pytest.mark.urls("tests.bss_api.echo_urls")


PLAIN = {
    "str": "Ä b/c:d*",
    "int": 7,
    "float": 1.25,
    "bool": True,
    "decimal.Decimal": Decimal("10.10"),
}


def operations() -> dict[str, type]:
    """Name → request class of every operation of the SDK's client."""
    names = [
        name
        for name, member in vars(BssintlClient).items()
        if inspect.isfunction(member)
        and list(inspect.signature(member).parameters) == ["self", "request"]
        and not name.startswith("_")
        and not name.endswith("_invoker")
    ]
    return {name: getattr(bssintl, f"{_camel(name)}Request") for name in names}


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def filled(model: type) -> Any:
    """A request with every attribute filled, one entry per list."""
    request = model()
    for attribute, kind in model.openapi_types.items():
        setattr(request, attribute, _sample(kind))
    return request


def _sample(kind: str) -> Any:
    if kind.startswith("list["):
        return [_sample(kind[5:-1])]
    return PLAIN[kind] if kind in PLAIN else filled(getattr(bssintl, kind))


def check(client: BssintlClient, value: str, kind: str = "name") -> Any:
    body = CheckSubcustomerUserReq(search_type=kind, search_value=value)
    return client.check_user_identity(CheckUserIdentityRequest(body=body))


def refusal(call: Callable[[], Any]) -> ClientRequestException:
    with pytest.raises(ClientRequestException) as caught:
        call()
    assert caught.value.request_id
    return caught.value


def first_refusal(call: Callable[[], Any]) -> ClientRequestException:
    """Call again and again until it is refused."""
    for _try in range(60):
        try:
            call()
        except ClientRequestException as error:
            return error
    pytest.fail("never throttled")


@ECHO
@pytest.mark.requirement("api-A.1", "api-A.2", "api-A.3")
def test_all_operations_of_the_sdk_sign_correctly(cast: Cast, key: Key, sdk: Sdk) -> None:
    client = sdk(key)
    all_operations = operations()
    assert len(all_operations) == 55
    for name, request_class in all_operations.items():
        answer = getattr(client, name)(filled(request_class))
        told = answer.raw_content.decode()
        assert f'"caller":"{cast.tidemark.name}"' in told, (name, told)


@pytest.mark.requirement("api-A.7", "api-A.8")
def test_operations_that_do_not_exist_yet_say_so(key: Key, sdk: Sdk) -> None:
    client = sdk(key)
    built = {operation.name for operation in OPERATIONS}
    missing = {name: model for name, model in operations().items() if name not in built}
    for name, request_class in missing.items():
        error = refusal(lambda: getattr(client, name)(filled(request_class)))  # noqa: B023
        assert (error.status_code, error.error_code) == (404, "APIG.0101"), name


@ECHO
@pytest.mark.requirement("api-A.5")
def test_amounts_are_json_numbers_with_a_decimal_point(key: Key, sdk: Sdk) -> None:
    answer = sdk(key).show_partner_consumption_quota(ShowPartnerConsumptionQuotaRequest())
    assert b'"amount":50.00,' in answer.raw_content
    assert answer.to_json_object()["path"] == "/v2/partners/credit/consumption-quota"


@pytest.mark.requirement("api-B.2")
def test_a_free_login_name_is_available(key: Key, sdk: Sdk) -> None:
    answer = check(sdk(key), "acme-es")
    assert (answer.status_code, answer.error_code, answer.error_msg) == (
        200,
        "CBC.0000",
        "success",
    )
    assert (answer.check_result, answer.mobile_remain_available_num) == ("available", None)


@pytest.mark.requirement("api-B.1", "api-B.4")
def test_a_customer_is_created_and_listed(cast: Cast, key: Key, sdk: Sdk) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, platform_id="shop")
    client = sdk(key)
    body = CreateCustomerV2Req(
        domain_name="acme-es", domain_area="ES", xaccount_id="u-1", xaccount_type="shop"
    )
    created = client.create_sub_customer(CreateSubCustomerRequest(body=body))
    assert (created.status_code, created.domain_name) == (200, "acme-es")
    found = client.list_sub_customers(
        ListSubCustomersRequest(body=QuerySubCustomerListReq(customer_id=created.domain_id))
    )
    (row,) = found.customer_infos
    assert (found.count, row.account_name, row.xaccount_id) == (1, "acme-es", "u-1")
    assert (row.association_type, row.is_frozen, row.customer_level) == ("3", 1, "V0")
    assert (row.customer, row.verified_status, row.customer_type) == ("", "-1", -1)
    body.domain_name = "acme-two"
    again = refusal(lambda: client.create_sub_customer(CreateSubCustomerRequest(body=body)))
    assert (again.status_code, again.error_code) == (400, "CBC.99000039")


@pytest.mark.requirement("api-B.3")
def test_a_registration_code_is_mailed(cast: Cast, key: Key, sdk: Sdk) -> None:
    body = SendVerificationCodeV2Req(
        receiver_type=2, timeout=30, email="ops@acme.example", lang="en-us"
    )
    answer = sdk(key).send_verification_message_code(SendVerificationMessageCodeRequest(body=body))
    assert (answer.status_code, answer.raw_content) == (204, b"")
    code = VerificationCode.objects.get(target="ops@acme.example")
    assert code.expires_at - code.sent_at == timedelta(minutes=30)
    mail = Delivery.objects.get(target="ops@acme.example")
    assert "30 minutes" in mail.body and mail.account_id == cast.tidemark.pk


@pytest.mark.requirement("api-A.3")
def test_a_wrong_secret_is_refused(key: Key, sdk: Sdk) -> None:
    error = refusal(lambda: check(sdk(Key(key.id, key.ak, "x" * 40, key.domain_id)), "acme-es"))
    assert (error.status_code, error.error_code) == (401, "APIG.0301")


@pytest.mark.requirement("api-A.3")
def test_the_locked_key_opens_again_after_five_minutes(
    key: Key, sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = sdk(Key(key.id, key.ak, "x" * 40, key.domain_id))
    for _try in range(5):
        refusal(lambda: check(bad, "acme-es"))
    assert "forbidden" in refusal(lambda: check(sdk(key), "acme-es")).error_msg
    later = datetime.now(UTC) + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert check(sdk(key), "acme-es").check_result == "available"


@pytest.mark.requirement("api-A.10")
def test_a_reseller_may_not_call(cast: Cast, key_of: Callable[[User], Key], sdk: Sdk) -> None:
    error = refusal(lambda: check(sdk(key_of(cast.leo)), "acme-es"))
    assert (error.status_code, error.error_code) == (403, "CBC.0151")


@pytest.mark.requirement("api-A.7", "api-A.9")
def test_throttled_calls_read_as_the_sdk_documents(key: Key, sdk: Sdk, settings: Any) -> None:
    settings.API_THROTTLE_PER_SECOND = 10
    client = sdk(key)
    numbers = iter(range(1000))
    error = first_refusal(lambda: check(client, f"acme-{next(numbers)}"))
    assert (error.status_code, error.error_code) == (429, "APIG.0308")
    assert error.error_msg.endswith("ratelimit,limit:5,time:1 second")


@ECHO
@pytest.mark.requirement("api-A.7", "api-A.9")
def test_a_throttled_get_loses_its_body_and_may_be_retried(
    key: Key, sdk: Sdk, settings: Any
) -> None:
    settings.API_THROTTLE_PER_SECOND = 1
    request = ShowPartnerConsumptionQuotaRequest()
    client, patient = sdk(key), sdk(key, retry_times=5)
    error = first_refusal(lambda: client.show_partner_consumption_quota(request))
    assert (error.status_code, error.error_code) == (429, "429")
    assert patient.show_partner_consumption_quota(request).status_code == 200


@pytest.mark.requirement("api-A.4")
def test_the_sdk_finds_the_domain_by_itself(
    cast: Cast, key: Key, live_server: Any, closing: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUAWEICLOUD_SDK_IAM_ENDPOINT", live_server.url)
    monkeypatch.setenv("HUAWEICLOUD_SDK_REGION_BSSINTL_AP_SOUTHEAST_1", live_server.url)
    credentials = GlobalCredentials(key.ak, key.sk)
    client = closing(
        BssintlClient.new_builder()
        .with_credentials(credentials)
        .with_region(BssintlRegion.value_of("ap-southeast-1"))
        .build()
    )
    assert check(client, "acme-es").check_result == "available"
    assert credentials.domain_id == cast.tidemark.public_id
