"""Enterprise projects and member accounts through the API (B.54, B.55)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import (
    CreateEnterpriseProjectAuthRequest,
    ListEnterpriseSubCustomersRequest,
)

from accounts.models import Account, AccountStanding, EnterpriseMember, EnterpriseUnit, User
from partner_center import clock
from tests.cast import Cast

from .conftest import Key, call
from .test_sdk import Sdk, refusal

MEMBERS = "/v2/enterprises/multi-accounts/sub-customers"
PROJECTS = "/v2/enterprises/enterprise-projects/authority"


@pytest.fixture
def hana(cast: Cast, key_of: Callable[[User], Key]) -> Key:
    """The customer Harborline's key."""
    return key_of(cast.hana)


@pytest.fixture
def unit(cast: Cast) -> EnterpriseUnit:
    """Harborline is master of three accounts, one of them in a unit."""
    unit = EnterpriseUnit.objects.create(account=cast.harborline, name="Warehouses")
    for name, display, place in (
        ("harbor-north", "North quay", unit),
        ("harbor-south", "South quay", None),
        ("cold-chain", "", None),
    ):
        member = Account.objects.create(
            name=name, email=f"{name}@x.example", country="PH", registered_at=clock.now()
        )
        EnterpriseMember.objects.create(
            account=cast.harborline,
            member=member,
            display_name=display,
            unit=place,
            joined_at=clock.now(),
        )
    return unit


@pytest.mark.requirement("api-B.54")
def test_a_customer_enables_enterprise_projects_once(cast: Cast, hana: Key, sdk: Sdk) -> None:
    client, request = sdk(hana), CreateEnterpriseProjectAuthRequest()
    answer = client.create_enterprise_project_auth(request)
    assert (answer.status_code, answer.raw_content) == (204, b"")
    since = Account.objects.get(pk=cast.harborline.pk).enterprise_projects_at
    assert since
    again = call(hana, path=PROJECTS, headers={"X-Again": "1"})
    assert (again.status, again.code) == (400, "CBC.99007004")
    assert Account.objects.get(pk=cast.harborline.pk).enterprise_projects_at == since


@pytest.mark.django_db
@pytest.mark.requirement("api-B.54", "api-B.55", "api-A.10")
def test_partners_may_call_neither(cast: Cast, key: Key) -> None:
    for answer in (call(key, path=PROJECTS), call(key, "GET", MEMBERS)):
        assert (answer.status, answer.code) == (403, "CBC.0151")
    assert not Account.objects.filter(enterprise_projects_at__isnull=False).exists()


@pytest.mark.requirement("api-B.55")
def test_a_master_reads_its_member_accounts(
    cast: Cast, hana: Key, sdk: Sdk, unit: EnterpriseUnit
) -> None:
    client = sdk(hana)
    request = ListEnterpriseSubCustomersRequest(limit=2, offset=1)
    answer = client.list_enterprise_sub_customers(request)
    assert answer.total_count == 3
    north, south = answer.sub_customer_infos
    assert (north.name, north.display_name, north.status) == ("harbor-north", "North quay", 1)
    assert (north.org_id, north.org_name) == (unit.public_id, "Warehouses")
    assert north.id == Account.objects.get(name="harbor-north").public_id
    assert (south.name, south.org_id, south.org_name) == ("harbor-south", "", "")


@pytest.mark.requirement("api-B.55")
def test_an_account_without_members_is_refused(cast: Cast, hana: Key, sdk: Sdk) -> None:
    request = ListEnterpriseSubCustomersRequest()
    error = refusal(lambda: sdk(hana).list_enterprise_sub_customers(request))
    assert (error.status_code, error.error_code) == (403, "CBC.0155")
    assert error.error_msg == "Your account is not an enterprise master account."
    AccountStanding.objects.create(account=cast.harborline, is_enterprise_master=True)
    asked = ListEnterpriseSubCustomersRequest(limit=5)
    answer = sdk(hana).list_enterprise_sub_customers(asked)
    assert (answer.total_count, answer.sub_customer_infos) == (0, [])


@pytest.mark.django_db
@pytest.mark.requirement("api-B.55", "api-A.6")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ([("sub_customer_account_name", "harbor-north")], {"harbor-north"}),
        ([("sub_customer_account_name", "harbor")], set()),
        (
            [("sub_customer_account_name", "HARBOR"), ("fuzzy_query", 1)],
            {"harbor-north", "harbor-south"},
        ),
        (
            [("sub_customer_display_name", "quay"), ("fuzzy_query", 1)],
            {"harbor-north", "harbor-south"},
        ),
        ([("sub_customer_display_name", "")], {"cold-chain"}),
        ([("sub_customer_account_name", "")], set()),
        ([("org_id", "")], {"harbor-south", "cold-chain"}),
        ([("org_id", "unit")], {"harbor-north"}),
        ([("org_id", "f" * 32)], set()),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else "finds",
)
def test_filters_find_exactly_fuzzily_and_what_is_empty(
    hana: Key, unit: EnterpriseUnit, query: list[tuple[str, Any]], names: set[str]
) -> None:
    asked = [(name, unit.public_id if value == "unit" else value) for name, value in query]
    body = call(hana, "GET", MEMBERS, query=asked).body
    assert {row["name"] for row in body["sub_customer_infos"]} == names
    assert body["total_count"] == len(names)


@pytest.mark.django_db
@pytest.mark.requirement("api-B.55", "api-A.6")
@pytest.mark.parametrize(
    "query", [("limit", 101), ("limit", 0), ("offset", -1), ("fuzzy_query", 2)], ids=str
)
def test_wrong_paging_is_a_parameter_error(
    hana: Key, unit: EnterpriseUnit, query: tuple[str, int]
) -> None:
    answer = call(hana, "GET", MEMBERS, query=[query])
    assert (answer.status, answer.code) == (400, "CBC.0100")


@pytest.mark.django_db
@pytest.mark.requirement("api-B.55", "02-ORG-04")
def test_another_masters_members_stay_unknown(
    cast: Cast, key_of: Callable[[User], Key], unit: EnterpriseUnit
) -> None:
    quarry = User.objects.get(account=cast.quarry, is_main=True)
    AccountStanding.objects.create(account=cast.quarry, is_enterprise_master=True)
    answer = call(key_of(quarry), "GET", MEMBERS, query=[("org_id", unit.public_id)])
    assert answer.body == {"total_count": 0, "sub_customer_infos": []}
