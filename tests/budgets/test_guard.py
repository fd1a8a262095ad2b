"""The guard: every cell of the purchase and operation matrix, and what people read (04, 08)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.choices import AccountStatus
from accounts.models import Account
from budgets.choices import FreezeStatus, HoldOwner, Strength
from budgets.queries import guard
from budgets.rules.matrix import BudgetStanding, Operation, Verdict, verdict
from customers.choices import AssociationModel
from customers.models import Association

from ..cast import _account
from .conftest import associate, release_all

NORMAL, ACCOUNT, BOTH = FreezeStatus.NORMAL, FreezeStatus.ACCOUNT, FreezeStatus.RESOURCES
#: 100.00 of which 40.00 are used; used up; none set.
WITHIN = BudgetStanding(Decimal(100), Decimal(40))
USED_UP = BudgetStanding(Decimal(100), Decimal(100))
NONE_SET = BudgetStanding(None, Decimal(0))
ZERO = BudgetStanding(Decimal(0), Decimal(0))

#: Rows of 04: Normal under 100% | Normal at 100% or without budget | account | account and resources.
MATRIX = {
    Operation.BUY_PERIOD: "yes no no no",
    Operation.BUY_RESERVED: "yes no no no",
    Operation.BUY_USAGE: "yes yes no no",
    Operation.RENEW: "yes no no no",
    Operation.CHANGE_PERIOD: "yes no no no",
    Operation.CHANGE_USAGE: "yes yes no no",
    Operation.TO_USAGE: "yes yes no no",
    Operation.TO_PERIOD: "yes no no no",
    Operation.OPERATE: "yes yes no no",
    Operation.DELETE: "yes yes no no",
    Operation.UNSUBSCRIBE: "yes yes yes yes",
    Operation.RENAME: "yes yes yes no",
    Operation.VIEW: "yes yes yes no",
}
PRICE = Decimal("60.00")


@pytest.mark.requirement(
    "04-BFM-06", "04-RM-04", "04-RM-06", "04-RMX-04", "04-RMX-06", "07-RBUD-06", "07-RFRZ-03",
    "07-RTM-10", "07-RTM-11", "07-ROTB-17", "08-BUY-06",
)  # fmt: skip
@pytest.mark.parametrize("operation", Operation)
def test_every_cell_of_the_matrix(operation: Operation) -> None:
    within, exhausted, account, both = (word == "yes" for word in MATRIX[operation].split())

    def allowed(status, standing) -> bool:
        return verdict(operation, status, standing, PRICE) == Verdict.ALLOWED

    assert allowed(NORMAL, WITHIN) is within
    assert allowed(NORMAL, None) is within, "without budgets nothing but a freeze refuses"
    for standing in (USED_UP, NONE_SET, ZERO):
        assert allowed(NORMAL, standing) is exhausted
    for standing in (WITHIN, USED_UP, None):
        assert allowed(ACCOUNT, standing) is account
        assert allowed(BOTH, standing) is both


@pytest.mark.requirement("04-D-07")
@pytest.mark.parametrize(
    ("operation", "price", "expected"),
    [
        (Operation.BUY_PERIOD, "60.00", Verdict.ALLOWED),
        (Operation.BUY_PERIOD, "60.01", Verdict.BUDGET),
        (Operation.RENEW, "60.01", Verdict.BUDGET),
        (Operation.TO_PERIOD, "60.01", Verdict.BUDGET),
        (Operation.BUY_RESERVED, "60.01", Verdict.BUDGET),
        (Operation.CHANGE_PERIOD, "60.01", Verdict.BUDGET),
        (Operation.CHANGE_PERIOD, "-5", Verdict.ALLOWED),
        (Operation.BUY_USAGE, "1000", Verdict.ALLOWED),
        (Operation.UNSUBSCRIBE, "-1000", Verdict.ALLOWED),
    ],
)
def test_a_prepaid_order_must_fit_into_what_is_left(operation, price, expected) -> None:
    assert verdict(operation, NORMAL, WITHIN, Decimal(price)) == expected


@pytest.mark.requirement("04-D-07")
def test_a_falling_price_changes_even_when_the_budget_is_used_up() -> None:
    for price in ("0", "-1"):
        assert verdict(Operation.CHANGE_PERIOD, NORMAL, USED_UP, Decimal(price)) == Verdict.ALLOWED
    assert verdict(Operation.CHANGE_PERIOD, NORMAL, USED_UP, Decimal("0.01")) == Verdict.BUDGET


# --- From holds to sentences --------------------------------------------------------------------


def _says(customer: Account, operation: Operation) -> str:
    refusal = guard.refusal_for(customer.pk, operation)
    return refusal.sentence if refusal else ""


@pytest.mark.django_db
@pytest.mark.requirement("04-RM-04", "08-CSA-14", "08-BUY-06")
def test_a_frozen_customer_reads_who_can_help(world) -> None:
    customer = world.tidemarks.customer
    assert "restricted by your partner. Contact Tidemark Cloud to set a budget" in _says(
        customer, Operation.BUY_USAGE
    )
    assert "Nothing was changed: your account is restricted by your partner" in _says(
        customer, Operation.OPERATE
    )
    assert _says(customer, Operation.RENAME) == _says(customer, Operation.UNSUBSCRIBE) == ""
    release_all(world, world.tidemarks)
    assert _says(customer, Operation.BUY_USAGE) == ""
    assert "budget that Tidemark Cloud has set for you is insufficient" in _says(
        customer, Operation.BUY_PERIOD
    ), "unfrozen without a budget: pay-per-use only (04 D-10)"


@pytest.mark.django_db
@pytest.mark.requirement("04-FRZ-07")
def test_frozen_resources_name_the_day_of_their_release(world, monkeypatch) -> None:
    moment = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # Nov 21 in GMT+08:00
    monkeypatch.setattr("partner_center.clock.now", lambda: moment)
    world.freeze(world.cast.mara, world.tidemarks, Strength.RESOURCES)
    sentence = _says(world.tidemarks.customer, Operation.DELETE)
    assert "released and their data deleted on Dec 06, 2026. Contact Tidemark Cloud" in sentence
    assert "Nothing was ordered" in _says(world.tidemarks.customer, Operation.BUY_PERIOD)


@pytest.mark.django_db
@pytest.mark.requirement("04-BFM-11", "08-BUY-06")
def test_a_restricted_partner_blocks_purchases_of_its_customers(world) -> None:
    customer = world.tidemarks.customer
    release_all(world, world.tidemarks)
    Account.objects.filter(pk=world.cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
    assert "restricted because of your partner" in _says(customer, Operation.BUY_USAGE)
    assert _says(customer, Operation.OPERATE) == ""
    Account.objects.filter(pk=world.cast.tidemark.pk).update(status=AccountStatus.ACTIVE)
    world.hold(world.tidemarks, HoldOwner.QUOTA)
    assert "restricted because of your partner" in _says(customer, Operation.RENEW)


@pytest.mark.django_db
@pytest.mark.requirement("08-CSA-15", "04-FRZ-05")
def test_of_a_referral_customer_only_the_operators_hold_counts(world) -> None:
    referral = associate(
        world.cast,
        world.cast.tidemark,
        _account("referred").account,
        model=AssociationModel.REFERRAL,
    )
    assert _says(referral.customer, Operation.BUY_PERIOD) == ""
    world.operator_hold(referral)
    assert "frozen by the operator" in _says(referral.customer, Operation.BUY_PERIOD)


@pytest.mark.django_db
@pytest.mark.requirement("01-RSL-06", "06-RSL-10", "06-DOV-09")
def test_accounts_that_may_not_buy(cast) -> None:
    for partner in (cast.meridian, cast.lagoon):
        assert "cannot buy cloud services" in _says(partner, Operation.BUY_USAGE)
        assert _says(partner, Operation.UNSUBSCRIBE) == ""
    Account.objects.filter(pk=cast.delta.pk).update(status=AccountStatus.SUSPENDED)
    assert "suspended" in _says(cast.delta, Operation.BUY_USAGE)
    alone = _account("alone").account
    assert not Association.objects.filter(customer=alone).exists()
    assert _says(alone, Operation.BUY_PERIOD) == ""
