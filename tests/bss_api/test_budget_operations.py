"""Budgets and freezing through the API, by providers, distributors and customers (B.5 to B.13, B.35)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import huaweicloudsdkbssintl.v2
import pytest

from accounts.models import Account, AgreementDocument, User
from bss_api.models import SeenSignature
from bss_api.operations import budgets, freezing
from budgets.choices import ExhaustionAction, HoldOwner
from budgets.models import Budget, BudgetAdjustment, FreezeRecord
from budgets.queries import consumption as consumption_queries
from budgets.services import consumption
from customers.models import Association
from customers.services import operating as associations
from partner_center import clock
from partner_center.stale import fingerprint_of
from resellers.models import ResellerAssociation
from tests.budgets.conftest import World, build, code_for, live_owners, release_all, state_of
from tests.budgets.spending import budget, spend
from tests.cast import Cast
from tests.goods import stock

from .conftest import Answer, Key, call
from .test_sdk import Sdk, _camel, refusal

BUDGET = "/v2/partners/sub-customers/budget"
RECORDS = f"{BUDGET}/records"
FREEZE = "/v2/partners/sub-customers/freeze"
UNFREEZE = "/v2/partners/sub-customers/unfreeze"


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def ask(client: Any, operation: str, **fields: Any) -> Any:
    """Call an operation of the SDK; its fields go into the body, or into the query."""
    request = getattr(huaweicloudsdkbssintl.v2, f"{_camel(operation)}Request")()
    if kind := request.openapi_types.get("body"):
        request.body = getattr(huaweicloudsdkbssintl.v2, kind)(**fields)
    for name, value in fields.items() if not kind else ():
        assert name in request.openapi_types, name
        setattr(request, name, value)
    # Two equal calls within one second have one signature, and the second would be refused.
    SeenSignature.objects.all().delete()
    return getattr(client, operation)(request)


def code(what: Callable[[], Any]) -> tuple[int, str]:
    error = refusal(what)
    return error.status_code, error.error_code


def failed(answer: Any) -> list[tuple[str, str]]:
    return [(row.id, row.error_code) for row in answer.error_details or ()]


def name_of(association: Association) -> str:
    return association.customer.public_id


def post(key: Key, path: str, **body: Any) -> Answer:
    SeenSignature.objects.all().delete()
    return call(key, "POST", path, body=body)


def get(key: Key, path: str, **query: Any) -> Answer:
    SeenSignature.objects.all().delete()
    return call(key, "GET", path, query=sorted(query.items()))


@pytest.mark.requirement("api-B.5", "api-B.6", "api-B.10", "api-B.11", "api-B.12", "api-B.13")
def test_a_provider_budgets_freezes_and_reads(
    world: World, key_of: Callable[[User], Key], sdk: Sdk
) -> None:
    client, customer = sdk(key_of(world.cast.mara)), world.tidemarks
    name, other = name_of(customer), world.cast.harborline.public_id
    before = ask(client, "show_sub_customer_budget", customer_id=name)
    assert (before.budget_amount, before.used_amount, before.budget_type) == (0, 0, "MONTHLY")
    spend(stock(), customer, "12.3456789012")
    wish = {"customer_id": name, "budget_amount": Decimal("100.10"), "frozen_operate_type": 1}
    done = ask(client, "update_sub_customer_budget", **wish, cancel_partner_frozen=1)
    assert (done.status_code, done.raw_content, state_of(customer)) == (204, b"", "normal")

    shown = ask(client, "show_sub_customer_budget", customer_id=name)
    assert b'"budget_amount":100.10' in shown.raw_content
    assert (shown.budget_amount, shown.used_amount) == (Decimal("100.10"), Decimal("12.34567890"))
    assert (shown.measure_id, shown.currency) == (1, "USD")
    ask(
        client,
        "update_sub_customer_budget",
        **wish | {"budget_amount": 5, "budget_type": "PACKAGE"},
    )
    foreign = world.cast.quarry.public_id
    listed = ask(client, "list_sub_customer_budget", customer_ids=[name, other, foreign, "nobody"])
    assert {
        (row.customer_id, row.budget_amount, row.budget_type) for row in listed.budget_infos
    } == {
        (name, 5, "PACKAGE"),
        (other, 0, "MONTHLY"),
    }
    records = ask(client, "list_sub_customer_budget_records", customer_id=name, limit=1, offset=0)
    assert (records.total_count, len(records.record_list)) == (2, 1)
    (newest,) = records.record_list
    assert (newest.budget_amount, newest.operation_type, newest.budget_type) == (
        5,
        "SETTING",
        "PACKAGE",
    )
    assert newest.partner_account_name == world.cast.tidemark.name
    assert {row.source for row in BudgetAdjustment.objects.all()} == {"api"}

    both = {"customer_ids": [name, other, foreign, name], "reason": "Arrears"}
    answer = ask(client, "freeze_sub_customers", **both, freeze_type="ACCOUNT_AND_RESOURCE")
    assert failed(answer) == [(foreign, "CBC.99000035")]
    assert (state_of(customer), live_owners(customer)) == ("resources", [HoldOwner.PARTNER])
    found = ask(client, "list_sub_customers", customer_id=name)
    assert [row.is_frozen for row in found.customer_infos] == [1]
    again = ask(client, "freeze_sub_customers", customer_ids=[name], reason="Arrears")
    assert again.raw_content == b"{}", "frozen already: nothing to do, and no failure"
    one = {"customer_ids": [name, other], "reason": "Paid"}
    assert failed(ask(client, "unfreeze_sub_customers", **one)) == [
        (name, "CBC.99007004"),
        (other, "CBC.99007004"),
    ]
    ask(client, "unfreeze_sub_customers", **one, unfreeze_type="ACCOUNT_AND_RESOURCE")
    assert ask(client, "unfreeze_sub_customers", **one).raw_content == b"{}"
    assert state_of(customer) == "normal"
    assert FreezeRecord.objects.filter(association=customer, reason="Paid").count() == 1


@pytest.mark.requirement("api-B.5", "api-B.11", "api-B.12", "06-PRM-04", "04-FRZ-09")
def test_a_distributor_names_the_reseller(
    world: World, key_of: Callable[[User], Key], sdk: Sdk
) -> None:
    client, cast = sdk(key_of(world.cast.dina)), world.cast
    name, lagoon = name_of(world.lagoons), cast.lagoon.public_id
    wish = {"customer_id": name, "budget_amount": 100, "cancel_partner_frozen": "1"}

    def update(**fields: Any) -> Any:
        return ask(client, "update_sub_customer_budget", **wish | fields)

    def freeze(reseller: str | None) -> list[tuple[str, str]]:
        fields = {"customer_ids": [name], "reason": "Arrears", "indirect_partner_id": reseller}
        return failed(ask(client, "freeze_sub_customers", **fields))

    assert code(update) == (400, "CBC.99000035")
    assert code(lambda: update(indirect_partner_id=cast.tidemark.public_id)) == (
        400,
        "CBC.99000037",
    )
    assert update(indirect_partner_id=lagoon).status_code == 204
    assert (state_of(world.lagoons), Budget.objects.get().amount) == ("normal", 100)
    assert BudgetAdjustment.objects.get().source == "distributor"
    assert freeze(None) == [(name, "CBC.99000035")]
    assert freeze(lagoon) == []
    assert live_owners(world.lagoons) == [HoldOwner.DISTRIBUTOR]
    # Its own customer is not one of the reseller's.
    own = name_of(world.meridians)
    listed = ask(
        client,
        "list_sub_customer_budget",
        customer_ids=[own, name],
        indirect_partner_id=lagoon,
    )
    assert [row.customer_id for row in listed.budget_infos] == [name]
    show = {"customer_id": name, "indirect_partner_id": lagoon}
    assert ask(client, "show_sub_customer_budget", **show).budget_amount == 100
    assert ask(client, "list_sub_customer_budget_records", **show).total_count == 1
    assert code(lambda: ask(client, "show_sub_customer_budget", customer_id=name)) == (
        400,
        "CBC.99000000",
    )
    world.authorize()
    assert code(lambda: update(indirect_partner_id=lagoon)) == (400, "CBC.99000000")
    assert freeze(lagoon) == [(name, "CBC.99000000")]
    assert ask(client, "show_sub_customer_budget", **show).budget_amount == 100
    ResellerAssociation.objects.update(ended_at=clock.now())
    assert code(lambda: ask(client, "show_sub_customer_budget", **show)) == (400, "CBC.99000037")
    reseller = sdk(key_of(cast.leo))
    assert code(lambda: ask(reseller, "show_sub_customer_budget", customer_id=name)) == (
        403,
        "CBC.0151",
    )


@pytest.mark.requirement("api-B.8", "01-QTA-02", "06-DX-12")
def test_a_payer_reads_its_consumption_quota(
    world: World, key_of: Callable[[User], Key], sdk: Sdk
) -> None:
    cast, goods = world.cast, stock()
    client = sdk(key_of(cast.dina))

    def quota() -> tuple[Any, ...]:
        found = ask(client, "show_partner_consumption_quota")
        assert (found.amount, found.coupon_amount, found.due_amount) == ("0.00",) * 3
        assert (found.measure_id, found.currency) == (1, "USD")
        assert found.used_consumption_quota == found.unbilled_amount
        return found.consumption_quota, found.used_consumption_quota

    assert quota() == (None, "0.00000000"), "no limit is set"
    spend(goods, world.meridians, "12.5")
    spend(goods, world.lagoons, "70.123456789")
    spend(goods, world.tidemarks, "1000")
    values = {"amount": Decimal("100")}
    actor = cast.actor(cast.olga)
    seen = fingerprint_of(consumption_queries.row_of(cast.meridian.pk), consumption.FIELDS)
    consumption.set_quota(actor, cast.meridian.pk, values=values, seen=seen)
    consumption.note_settled(
        cast.meridian.pk, settled=Decimal("2"), prepaid=Decimal("0.5"), moment=clock.now()
    )
    assert quota() == ("100.00", "80.12345679"), "its own customers' and its resellers'"
    reseller = sdk(key_of(cast.leo))
    assert code(lambda: ask(reseller, "show_partner_consumption_quota")) == (403, "CBC.0151")


@pytest.mark.requirement("api-B.35", "04-BFM-03")
def test_a_customer_reads_its_own_limit(
    world: World, key_of: Callable[[User], Key], sdk: Sdk
) -> None:
    cast = world.cast
    client = sdk(key_of(cast.hana))
    customer = Association.objects.get(customer=cast.harborline)

    def quota() -> tuple[Any, ...]:
        found = ask(client, "show_customer_expenditure_quota")
        assert (found.measure_id, found.currency) == (1, "USD")
        return (
            found.granting_amount,
            found.granting_amount_used,
            found.percentage_granting_amount_used,
        )

    assert quota() == (0, 0, 0)
    budget(world, cast.mara, customer, "100")
    spend(stock(), customer, "99.99999999")
    assert quota() == (100, Decimal("99.99999999"), Decimal("99.99"))
    Association.objects.filter(pk=customer.pk).update(model="referral")
    assert quota() == (0, 0, 0)
    partner = sdk(key_of(cast.mara))
    assert code(lambda: ask(partner, "show_customer_expenditure_quota")) == (403, "CBC.0151")
    show = {"customer_id": cast.harborline.public_id}
    assert code(lambda: ask(partner, "show_sub_customer_budget", **show)) == (400, "CBC.99005024")


@pytest.mark.requirement("api-B.5", "api-B.6", "api-B.11", "api-B.12", "api-B.13", "04-D-11")
def test_what_is_wrong_is_refused() -> None:
    fine = {"customer_id": "c", "budget_amount": 10}
    people = {"customer_ids": ["c"], "reason": "Arrears"}
    for request, right, wrongs in (
        (
            budgets.UpdateBudgetRequest,
            fine,
            [
                {"customer_id": ""},
                {"budget_amount": None},
                {"budget_amount": 0},
                {"budget_amount": -1},
                {"budget_amount": 10.001},
                {"budget_amount": 2147483647.01},
                {"budget_amount": "much"},
                {"budget_type": ""},
                {"budget_type": "YEARLY"},
                {"cancel_partner_frozen": "2"},
                {"frozen_operate_type": 2},
            ],
        ),
        (
            freezing.FreezeRequest,
            people,
            [
                {"customer_ids": []},
                {"customer_ids": ["c"] * 11},
                {"reason": " "},
                {"reason": "x" * 257},
                {"freeze_type": ""},
            ],
        ),
        (freezing.UnfreezeRequest, people, [{"unfreeze_type": "RESOURCE"}, {"unfreeze_type": ""}]),
        (budgets.ListBudgetsRequest, people, [{"customer_ids": ["c"] * 101}, {"customer_ids": []}]),
        (
            budgets.BudgetRecordsRequest,
            fine,
            [
                {"operation_type": ""},
                {"budget_type": ""},
                {"limit": 101},
                {"limit": 0},
                {"offset": -1},
            ],
        ),
    ):
        assert request(data=right).is_valid(), request
        for wrong in wrongs:
            assert not request(data=right | wrong).is_valid(), wrong


@pytest.mark.requirement("api-A.5", "api-B.5", "api-B.11", "api-B.12", "api-B.13")
def test_customers_without_budgets_are_named(world: World, key: Key) -> None:
    name = name_of(world.tidemarks)
    fine = {"customer_id": name, "budget_amount": 2147483647}
    answer = post(key, BUDGET, **fine | {"budget_amount": 10.001})
    assert (answer.status, answer.code) == (400, "CBC.0100")
    assert post(key, BUDGET, **fine | {"budget_amount": 0.30000000000000004}).status == 204
    assert Budget.objects.get().amount == Decimal("0.30")
    assert post(key, BUDGET, **fine).status == 204
    assert get(key, RECORDS, customer_id=world.cast.quarry.public_id).code == "CBC.99000000"
    Association.objects.filter(pk=world.tidemarks.pk).update(model="referral")
    assert post(key, BUDGET, **fine).code == "CBC.99005024"
    rows = post(key, FREEZE, customer_ids=[name], reason="Arrears").body["error_details"]
    assert [(row["id"], row["error_code"]) for row in rows] == [(name, "CBC.99005024")]
    assert post(key, f"{BUDGET}/query", customer_ids=[name]).body["budget_infos"] == []
    assert get(key, RECORDS, customer_id=name).body["total_count"] == 2, "history stays readable"


@pytest.mark.requirement("api-B.11", "04-ONE-06", "04-D-02")
def test_the_action_stays_unless_it_is_sent(world: World, key: Key) -> None:
    customer = world.tidemarks

    def update(**fields: Any) -> tuple[str, str]:
        answer = post(key, BUDGET, customer_id=name_of(customer), budget_amount=10, **fields)
        action = Budget.objects.get(pk=customer.pk).action
        return action, answer.code if answer.body else ""

    assert update() == (ExhaustionAction.MANUAL, "")
    assert update(frozen_operate_type=1) == (ExhaustionAction.RESTRICT, "")
    assert update() == (ExhaustionAction.RESTRICT, "")
    strongest = ExhaustionAction.RESTRICT_FREEZE
    budget(world, world.cast.mara, customer, "20", action=strongest)
    assert update() == (strongest, "")
    assert BudgetAdjustment.objects.latest("pk").agreement == "1.0"
    document = AgreementDocument.objects.get(code="customer-budget-agreement")
    document.pk, document.version = None, "1.1"
    document.published_at = clock.now()
    document.save()
    assert update() == (strongest, "CBC.99007004"), "the new version was never agreed to"
    assert update(frozen_operate_type=0) == (ExhaustionAction.MANUAL, "")


@pytest.mark.requirement("api-B.5", "04-D-55", "08-AXO-02")
def test_one_code_is_enough_for_all_of_a_call(world: World, key: Key) -> None:
    Account.objects.filter(pk=world.cast.tidemark.pk).update(verifies=True)
    names = [name_of(world.tidemarks), world.cast.delta.public_id]
    body = {"customer_ids": names, "reason": "Arrears", "freeze_type": "ACCOUNT_AND_RESOURCE"}
    refused = post(key, FREEZE, **body)
    assert (refused.status, refused.code) == (403, "CBC.0151")
    assert state_of(world.tidemarks) == "account"
    later = clock.now() + timedelta(minutes=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        sent = code_for(world.cast.actor(world.cast.mara), "budgets.freeze")
    SeenSignature.objects.all().delete()
    answer = call(key, "POST", FREEZE, body=body, headers={"X-Verification-Code": sent})
    assert (answer.status, answer.body) == (200, {})
    records = FreezeRecord.objects.filter(reason="Arrears")
    assert set(records.values_list("code_verified", flat=True)) == {True}
    assert records.count() == 2


@pytest.mark.requirement("api-B.13", "04-ASC-10", "04-BFM-14")
def test_the_history_outlives_the_association(world: World, key: Key) -> None:
    cast, customer = world.cast, world.tidemarks
    name = name_of(customer)
    budget(world, cast.mara, customer, "20")
    budget(world, cast.mara, customer, "30", kind="one_time")
    associations.end_association(cast.actor(cast.olga), customer.pk, reason="Left")
    assert get(key, BUDGET, customer_id=name).code == "CBC.99000000"

    def records(**criteria: Any) -> list[tuple[str, str, str]]:
        answer = get(key, RECORDS, customer_id=name, **criteria)
        rows = answer.body["record_list"]
        assert answer.body["total_count"] == len(rows)
        return [(str(r["budget_amount"]), r["operation_type"], r["budget_type"]) for r in rows]

    deleted, second, first = (
        ("0.0", "DELETE", "PACKAGE"),
        ("30.0", "SETTING", "PACKAGE"),
        ("20.0", "SETTING", "MONTHLY"),
    )
    assert records() == [deleted, second, first]
    assert records(operation_type="DELETE") == [deleted]
    assert records(operation_type="SETTING") == [second, first]
    assert records(budget_type="MONTHLY") == [first]


@pytest.mark.requirement("api-B.6", "04-BFM-18", "04-D-53")
def test_holds_of_others_and_frozen_partners(world: World, key: Key) -> None:
    customer = world.tidemarks
    body = {"customer_ids": [name_of(customer)], "reason": "Paid"}
    world.operator_hold(customer)
    assert post(key, UNFREEZE, **body).body == {}
    assert live_owners(customer) == [HoldOwner.OPERATOR]
    row = post(key, UNFREEZE, **body).body["error_details"][0]
    assert row["error_code"] == "CBC.99007004" and "frozen by the operator" in row["error_msg"]
    release_all(world, customer)
    world.hold(customer, HoldOwner.QUOTA)
    row = post(key, UNFREEZE, **body).body["error_details"][0]
    assert row["error_code"] == "CBC.99007004" and "your account is frozen" in row["error_msg"]
    fine = {"customer_id": name_of(customer), "budget_amount": 10}
    assert post(key, BUDGET, **fine, cancel_partner_frozen="1").code == "CBC.99007004"
    assert not Budget.objects.exists()
    assert post(key, BUDGET, **fine).status == 204


@pytest.mark.requirement("api-B.10", "api-B.12", "02-ROL-06", "04-D-47")
def test_who_looks_after_some_customers_reads_those(
    world: World, key_of: Callable[[User], Key]
) -> None:
    jun, felix = key_of(world.cast.jun), key_of(world.cast.felix)
    mine, other = world.cast.harborline.public_id, name_of(world.tidemarks)
    assert get(jun, BUDGET, customer_id=mine).status == 200
    assert get(jun, BUDGET, customer_id=other).code == "CBC.99000000"
    found = post(jun, f"{BUDGET}/query", customer_ids=[mine, other]).body["budget_infos"]
    assert [row["customer_id"] for row in found] == [mine]
    for reader in (jun, felix):
        answer = post(reader, BUDGET, customer_id=mine, budget_amount=10)
        assert (answer.status, answer.code) == (403, "CBC.0151")
