"""Savings plans: each hour's commitment covers usage once, exactly as in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account
from catalog.choices import BillingMode, PaymentOption, Period
from catalog.models import ListPrice, Product
from catalog.rules.pricing import EXACT, cover_by_plan, plan_price, to_pricing_unit
from metering.models import Charge, SavingsUse
from metering.queries import commitments, details, explaining
from metering.rules import explaining as wording
from metering.services import rebuilding
from partner_center import clock
from resources.models import CloudResource

from ..cast import Cast
from ..goods import LONG_AGO, Goods
from .usage import record, system, take, write_csv

#: Midnight of October 1, 2026, GMT+08:00.
START = datetime(2026, 9, 30, 16, tzinfo=UTC)
#: Plan: commitment in USD an hour, discount in percent, how many were bought.
PLANS = {"plan-a": ("0.07", 20, 1), "plan-b": ("0.013", 37, 3)}
PRICES = {"host-usage": "0.10", "large": "0.2345678901", "spot": "0.03"}


def _copy(product: Product, code: str, **changes: Any) -> Product:
    found = Product.objects.get(pk=product.pk)
    found.pk, found.code = None, code
    for name, value in changes.items():
        setattr(found, name, value)
    found.save()
    return found


def _price(product: Product, price: str, period: str = Period.NONE) -> None:
    ListPrice.objects.create(
        product=product, unit_price=Decimal(price), period=period, valid_from=LONG_AGO
    )


def _bought(account: Account, product: Product, **fields: Any) -> CloudResource:
    defaults = {
        "account": account,
        "resource_id": product.code,
        "product": product,
        "mode": product.mode,
        "created_at": LONG_AGO,
        "effective_at": LONG_AGO,
        "expires_at": START + timedelta(hours=24),
        "updated_at": LONG_AGO,
    }
    return CloudResource.objects.create(**defaults | fields)


@pytest.fixture
def plans(cast: Cast, goods: Goods) -> list[CloudResource]:
    """Two plans of Harborline that end after a day, and a reserved instance beside them."""
    _price(_copy(goods.host_by_use, "large", spec=None), PRICES["large"])
    _price(_copy(goods.host_by_use, "spot", is_spot=True), PRICES["spot"])
    _bought(cast.harborline, goods.host_reserved, region=goods.region)
    found = []
    for code, (commitment, discount, quantity) in PLANS.items():
        product = _copy(
            goods.host_by_use,
            code,
            mode=BillingMode.SAVINGS_PLAN,
            payment_option=PaymentOption.NO_UPFRONT,
            term_months=12,
            commitment=Decimal(commitment),
            plan_discount=discount,
        )
        _price(product, commitment, Period.YEAR)
        found.append(_bought(cast.harborline, product, quantity=quantity))
    return found


def _row(customer: Account, number: int, code: str, usage: str, hour: int, hours: int = 1) -> Any:
    return record(
        customer,
        number,
        product_id=code,
        usage=usage,
        start=(START + timedelta(hours=hour)).isoformat(),
        end=(START + timedelta(hours=hour + hours)).isoformat(),
    )


class Book:
    """What plain Python makes of the records, one after the other."""

    def __init__(self) -> None:
        self.reserved: dict[int, Decimal] = defaultdict(lambda: Decimal(1))
        self.used: dict[tuple[str, int], Decimal] = defaultdict(Decimal)

    def charge(self, code: str, total: Decimal, hour: int, hours: int) -> tuple[Decimal, ...]:
        """Covered by the reserved instance, by plans, and the amount; nothing covers spot, though it
        is of the instance's own specification."""
        reserved = saved = Decimal(0)
        for each in range(hour, hour + hours):
            if each >= 24:
                break
            rest = EXACT.divide(total, Decimal(hours))
            if code == "host-usage":
                taken = min(rest, self.reserved[each])
                self.reserved[each] -= taken
                reserved, rest = reserved + taken, rest - taken
            if code != "spot":
                saved += self._by_plans(code, rest, each)
        amount = EXACT.multiply(total - reserved - saved, Decimal(PRICES[code]))
        return reserved, saved, amount

    def _by_plans(self, code: str, rest: Decimal, hour: int) -> Decimal:
        saved = Decimal(0)
        for plan, (commitment, discount, quantity) in PLANS.items():
            left = Decimal(commitment) * quantity - self.used[plan, hour]
            if rest > 0 and left > 0:
                price = plan_price(Decimal(PRICES[code]), discount)
                covered, cost = cover_by_plan(rest, price, left)
                self.used[plan, hour] += cost
                saved, rest = saved + covered, rest - covered
        return saved


@pytest.mark.requirement("05-BFD-02", "04-RES-01")
def test_random_usage_is_covered_as_plain_python_says_and_rebuilt_the_same(
    cast: Cast, plans: list[CloudResource], tmp_path: Path
) -> None:
    chance, rows, asked = random.Random(11), [], []
    for number in range(150):
        code, hours = chance.choice(list(PRICES)), chance.choice([1, 1, 2, 4])
        hour = chance.randint(0, 28)
        usage = chance.randint(1, 3000) if hours == 1 else 36 * chance.randint(1, 300)
        rows.append(_row(cast.harborline, number, code, str(usage), hour, hours))
        asked.append((code, to_pricing_unit(Decimal(usage), Decimal(3600)), hour, hours))
    take(write_csv(tmp_path / "u.csv", rows), size=40)
    book, charges = Book(), list(Charge.objects.select_related("record").order_by("record_id"))
    assert len(charges) == len(rows)
    for charge, (code, total, hour, hours) in zip(charges, asked, strict=True):
        wanted = book.charge(code, total, hour, hours)
        found = (charge.pricing_reserved, charge.pricing_savings or 0, charge.list_amount)
        assert found == wanted, charge.record.key
        parts = (charge.usage, charge.reserved_usage, charge.savings_usage or 0)
        assert sum(parts) == charge.record.usage
    codes = {plan.pk: plan.product.code for plan in plans}
    kept = {
        (codes[row.resource_id], int((row.hour - START) / timedelta(hours=1))): row.used
        for row in SavingsUse.objects.all()
    }
    assert kept == {place: used for place, used in book.used.items() if used}
    limits = {code: Decimal(each) * count for code, (each, _less, count) in PLANS.items()}
    assert all(used <= limits[code] for (code, _hour), used in kept.items())
    assert any(used == limits[code] for (code, _hour), used in kept.items())
    assert rebuilding.rebuild(system(), "2026-10", clock.now()).equal


def test_the_charge_says_what_a_plan_covered(
    cast: Cast, plans: list[CloudResource], tmp_path: Path
) -> None:
    """An hour of host at $0.10 beside a full reservation: 0.07 at 0.08, then 0.039 at 0.063."""
    lines = [("host-usage", "3600"), ("host-usage", "7200"), ("plan-a", "3600")]
    rows = [_row(cast.harborline, n, code, usage, 3) for n, (code, usage) in enumerate(lines)]
    take(write_csv(tmp_path / "u.csv", rows))
    first, second, fee = Charge.objects.order_by("record_id").select_related("product")
    assert (first.pricing_reserved, first.pricing_savings, first.list_amount) == (1, None, 0)
    covered = Decimal("0.875") + Decimal("0.6190476190")
    assert second.pricing_savings == covered
    assert second.list_amount == (2 - covered) * Decimal("0.10")
    assert "Covered by savings plans: 1.494047619." in explaining.explain(second)
    steps = {step.label: step.value for step in wording.explain(details.facts_of(second))}
    assert steps["Covered by savings plans"].startswith("− 1.494047619 ")
    assert steps["Charged usage"].startswith("0.505952381 ")
    # The commitment itself is charged by the hour, and covers nothing of itself.
    assert (fee.mode, fee.pricing_savings, fee.list_amount) == ("savings", None, Decimal("0.07"))


@pytest.mark.requirement("04-RES-01")
def test_the_customer_sees_how_much_of_its_commitments_is_used(
    cast: Cast, plans: list[CloudResource], tmp_path: Path
) -> None:
    """Twelve hours, of which one is used: reserved, then 0.875 × 0.08, then some of the other plan."""
    lines = [("host-usage", 3600), ("host-usage", 3600 * 7 // 8), ("large", 317)]
    rows = [_row(cast.harborline, n, code, str(usage), 3) for n, (code, usage) in enumerate(lines)]
    take(write_csv(tmp_path / "u.csv", rows))
    actor, noon = cast.actor(cast.hana), START + timedelta(hours=11, minutes=30)
    reserved = CloudResource.objects.get(mode=BillingMode.RESERVED_UPFRONT)
    found = [commitments.utilization(actor, each, noon) for each in (reserved, *plans)]
    assert [(each.used, each.available) for each in found if each] == [
        (1, 12),
        (Decimal("0.07"), Decimal("0.84")),
        (SavingsUse.objects.get(resource=plans[1]).used, Decimal("0.468")),
    ]
    assert found[0] and found[0].words == "8%: 1 of 12 hours"
    assert found[1] and found[1].words == "8%: 0.07 of 0.84 USD, at the plan’s prices"
    late = START + timedelta(days=40)
    assert commitments.utilization(actor, plans[0], late) is None  # it ended a month before
    page = Client()
    page.force_login(cast.hana)
    with mock.patch.object(clock, "now", return_value=noon):
        shown = page.get(reverse("console:resource", args=[plans[0].pk])).content.decode()
    assert "0.07 of 0.84 USD" in shown
    assert "20% below its list price" in shown


amounts = st.decimals(0, 10**6, places=10, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, max_size=8), amounts.filter(bool), amounts)
def test_a_commitment_is_never_exceeded_and_nothing_is_covered_twice(
    wanted: list[Decimal], price: Decimal, commitment: Decimal
) -> None:
    left = commitment
    for quantity in wanted:
        covered, cost = cover_by_plan(quantity, price, left)
        left = EXACT.subtract(left, cost)
        assert 0 <= covered <= quantity
        assert left >= 0
        assert EXACT.multiply(covered, price) <= cost
        assert covered == quantity or left == 0
