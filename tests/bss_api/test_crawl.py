"""Walks every operation as nobody, as another tenant, as the wrong kind and without permissions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from accounts.models import Account, Role, RoleAssignment, User
from bss_api.callers import Caller, caller_of
from bss_api.operations import OPERATIONS
from bss_api.views import Operation
from partner_center import clock
from tests.cast import Cast

from .conftest import Answer, Key, call, deliver, sign
from .crawl_requests import PUBLIC, REQUESTS, CrawlRequest

GUARDED = [operation for operation in OPERATIONS if operation.name not in PUBLIC]
#: Stands in Tidemark's names only; no answer to another tenant may ever show it.
CANARY = "zzcanary"
operations = pytest.mark.parametrize("operation", GUARDED, ids=lambda operation: operation.name)
#: Operations that not every member may call.
permitted = pytest.mark.parametrize(
    "operation", [o for o in GUARDED if o.permission], ids=lambda operation: operation.name
)


@pytest.fixture
def scene(cast: Cast) -> Cast:
    """The cast, with the canary in the names of Tidemark and its people."""
    Account.objects.filter(pk=cast.tidemark.pk).update(full_name=f"{CANARY} Cloud")
    User.objects.filter(account=cast.tidemark).update(name=f"{CANARY} person")
    return cast


def _address(operation: type[Operation], request: CrawlRequest) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: request.path[found[1]], operation.path)


def _ask(operation: type[Operation], key: Key, scene: Cast) -> Answer:
    request = REQUESTS[operation.name](scene)
    address = _address(operation, request)
    return call(key, operation.method, address, query=request.query, body=request.body)


def test_every_operation_is_covered() -> None:
    missing = {operation.name for operation in GUARDED} ^ set(REQUESTS)
    assert not missing, f"Say in crawl_requests.py what to send: {missing}"
    assert set(PUBLIC) <= {operation.name for operation in OPERATIONS}


@pytest.mark.requirement("api-A.4", "api-A.8")
@operations
def test_nobody_is_answered_without_proof(operation: type[Operation], scene: Cast) -> None:
    request = REQUESTS[operation.name](scene)
    unsigned = sign(
        Key(0, "AK", "SK", ""),
        operation.method,
        _address(operation, request),
        query=request.query,
        body=request.body,
    )
    del unsigned.header_params["Authorization"]
    answer = deliver(unsigned)
    assert (answer.status, answer.code) == (401, "APIG.0301")


@pytest.mark.requirement("api-A.10")
@operations
def test_the_wrong_kind_of_account_is_refused(
    operation: type[Operation], scene: Cast, key_of: Callable[[User], Key]
) -> None:
    for user in (scene.mara, scene.dina, scene.leo, scene.hana, scene.olga):
        if caller_of(scene.actor(user)) not in operation.callers:
            answer = _ask(operation, key_of(user), scene)
            assert (answer.status, answer.code) == (403, "CBC.0151"), user.username


def _account_of(operation: type[Operation], scene: Cast) -> Account:
    """An account that may call the operation."""
    if Caller.OPERATOR in operation.callers:
        return scene.operator
    return scene.tidemark if Caller.CSP in operation.callers else scene.harborline


@pytest.mark.requirement("api-A.10", "02-ORG-01")
@permitted
def test_a_member_without_the_permission_is_refused(
    operation: type[Operation], scene: Cast, key_of: Callable[[User], Key]
) -> None:
    account = _account_of(operation, scene)
    role = Role.objects.create(
        account=account,
        name="Nothing",
        permissions=["accounts.own_profile"],
        created_at=clock.now(),
    )
    member = scene.ivy
    User.objects.filter(pk=member.pk).update(account=account)
    RoleAssignment.objects.filter(user=member).update(role=role, account=account)
    member.refresh_from_db()
    answer = _ask(operation, key_of(member), scene)
    assert (answer.status, answer.code) == (403, "CBC.0151")


@pytest.mark.requirement("02-ORG-04")
@operations
def test_another_tenants_objects_stay_unknown(
    operation: type[Operation], scene: Cast, key_of: Callable[[User], Key]
) -> None:
    for stranger in (scene.nora, scene.dina, scene.hana):
        if caller_of(scene.actor(stranger)) not in operation.callers:
            continue
        answer = _ask(operation, key_of(stranger), scene)
        assert CANARY not in str(answer.body).lower(), stranger.username
        request = REQUESTS[operation.name](scene)
        if request.names_object:
            assert answer.status == request.unknown_status, (stranger.username, answer)
