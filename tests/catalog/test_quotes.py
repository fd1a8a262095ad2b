"""What a purchase, an hour of usage and a renewal cost, and what is not sold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog import refusals
from catalog.choices import BillingMode, Period
from catalog.models import ListPrice, PriceTier, Product, Region
from catalog.queries import goods as queries
from catalog.queries.quotes import Quote, quote_renewal, quote_term, quote_usage
from partner_center.refusals import Refusal
from tests.goods import LONG_AGO, Goods, stock

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
def goods() -> Goods:
    return stock()


def _month(product: Product, region: Region, **terms: Any) -> Quote:
    asked = {"period": Period.MONTH, "periods": 1} | terms
    return quote_term(product, region, MOMENT, **asked)


@pytest.mark.requirement("08-BUY-02", "08-BUY-05", "08-BUY-09")
def test_a_term_costs_its_periods_its_size_and_its_pieces(goods: Goods) -> None:
    region = goods.region
    assert _month(goods.host_by_term, region).amount == Decimal("50.00")
    assert _month(goods.host_by_term, region, periods=3, quantity=2).amount == Decimal("300.00")
    year = _month(goods.host_by_term, region, period=Period.YEAR)
    assert year.amount == Decimal("500.00")
    disk = _month(goods.disk_by_term, region, size=125, periods=2)
    assert (disk.list_amount, disk.size) == (Decimal("25.00"), 125)


def test_a_size_is_ignored_where_the_product_has_none(goods: Goods) -> None:
    assert _month(goods.host_by_term, goods.region, size=40).size is None


@pytest.mark.requirement("04-EXS-07")
def test_a_reserved_instance_costs_its_upfront_price_once_and_its_hours_apart(goods: Goods) -> None:
    ListPrice.objects.filter(product=goods.host_reserved).update(unit_price=Decimal("0.03"))
    quote = _month(goods.host_reserved, goods.region, period=Period.YEAR, quantity=2)
    assert quote.amount == Decimal("800.00")
    assert quote.hourly_amount == Decimal("0.06")


@pytest.mark.requirement("08-CSN-03", "08-CSN-04")
def test_the_partners_discount_comes_off_the_list_price_rounded_half_up(goods: Goods) -> None:
    ListPrice.objects.filter(product=goods.host_by_term, period=Period.MONTH).update(
        unit_price=Decimal("10.10")
    )
    quote = _month(goods.host_by_term, goods.region, percent=25)
    assert (quote.list_amount, quote.amount) == (Decimal("10.10"), Decimal("7.58"))
    assert quote.discount_amount == Decimal("2.52")
    assert quote.discount_percent == 25


@pytest.mark.requirement("08-CSN-06", "08-CSN-07")
@pytest.mark.parametrize("excluded", ["spot", "marketplace", "flag"])
def test_products_without_partner_discounts_cost_their_list_price(
    goods: Goods, excluded: str
) -> None:
    product = goods.host_by_use
    product.is_spot = excluded == "spot"
    product.service_type.is_marketplace = excluded == "marketplace"
    product.takes_partner_discount = excluded != "flag"
    quote = quote_usage(product, goods.region, MOMENT, percent=20)
    assert (quote.amount, quote.discount_percent) == (Decimal("0.10"), 0)


def test_usage_costs_its_quantity_its_size_and_its_pieces_exactly(goods: Goods) -> None:
    hours = quote_usage(goods.host_by_use, goods.region, MOMENT, usage=Decimal("1.5"), quantity=3)
    assert hours.amount == Decimal("0.45")
    disk = quote_usage(goods.disk_by_use, goods.region, MOMENT, size=33, percent=10)
    assert disk.list_amount == Decimal("0.0066")
    assert disk.amount == Decimal("0.00594")


def test_usage_begins_at_the_first_tier(goods: Goods) -> None:
    price = ListPrice.objects.get(product=goods.traffic)
    PriceTier.objects.create(price=price, above=Decimal(0), unit_price=Decimal("0.12"))
    PriceTier.objects.create(price=price, above=Decimal(100), unit_price=Decimal("0.08"))
    quote = quote_usage(goods.traffic, goods.region, MOMENT, usage=Decimal(150))
    assert quote.amount == Decimal("16.00")


def test_the_newest_price_that_has_begun_counts(goods: Goods) -> None:
    for begins, price in ((MOMENT, "40"), (MOMENT + timedelta(seconds=1), "30")):
        ListPrice.objects.create(
            product=goods.host_by_term,
            period=Period.MONTH,
            unit_price=Decimal(price),
            valid_from=begins,
        )
    assert _month(goods.host_by_term, goods.region).amount == Decimal("40.00")


def test_a_price_of_the_region_goes_before_one_of_all_regions(goods: Goods) -> None:
    ListPrice.objects.create(
        product=goods.host_by_term,
        region=goods.other_region,
        period=Period.MONTH,
        unit_price=Decimal(60),
        valid_from=LONG_AGO,
    )
    assert _month(goods.host_by_term, goods.other_region).amount == Decimal("60.00")
    assert _month(goods.host_by_term, goods.region).amount == Decimal("50.00")


def test_a_renewal_costs_todays_price_even_when_the_product_is_withdrawn(goods: Goods) -> None:
    product = goods.disk_by_term
    product.is_on_sale = False
    quote = quote_renewal(
        product, goods.region, MOMENT, period=Period.YEAR, periods=2, size=10, percent=10
    )
    assert (quote.list_amount, quote.amount) == (Decimal("20.00"), Decimal("18.00"))


def _withdrawn(goods: Goods) -> Quote:
    goods.host_by_term.is_on_sale = False
    return _month(goods.host_by_term, goods.region)


def _closed_region(goods: Goods) -> Quote:
    goods.region.is_offered = False
    return quote_usage(goods.host_by_use, goods.region, MOMENT)


def _before_its_price(goods: Goods) -> Quote:
    return quote_usage(goods.host_by_use, goods.region, LONG_AGO - timedelta(seconds=1))


NO: list[tuple[Callable[[Goods], Quote], type[Refusal]]] = [
    (_withdrawn, refusals.NotSold),
    (_closed_region, refusals.NotSold),
    (_before_its_price, refusals.NoPrice),
    (lambda g: _month(g.host_by_term, g.region, periods=12), refusals.TermNotSold),
    (lambda g: _month(g.host_by_term, g.region, periods=0), refusals.TermNotSold),
    (lambda g: _month(g.host_by_term, g.region, period=Period.DAY), refusals.TermNotSold),
    (lambda g: _month(g.host_reserved, g.region, period="year", periods=2), refusals.TermNotSold),
    (lambda g: _month(g.host_by_use, g.region), refusals.WrongMode),
    (lambda g: quote_usage(g.host_by_term, g.region, MOMENT), refusals.WrongMode),
    (
        lambda g: quote_renewal(g.host_by_use, g.region, MOMENT, period="month", periods=1),
        refusals.WrongMode,
    ),
    (lambda g: _month(g.disk_by_term, g.region), refusals.SizeNeeded),
    (lambda g: _month(g.disk_by_term, g.region, size=9), refusals.SizeOutOfRange),
    (lambda g: _month(g.host_by_term, g.region, quantity=0), refusals.QuantityOutOfRange),
    (lambda g: _month(g.host_by_term, g.region, quantity=1001), refusals.QuantityOutOfRange),
]


@pytest.mark.parametrize(("ask", "refusal"), NO)
def test_what_is_not_sold_has_no_quote(
    goods: Goods, ask: Callable[[Goods], Quote], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as raised:
        ask(goods)
    assert raised.value.sentence.endswith(".")


@pytest.mark.requirement("08-BUY-01", "08-BUY-09")
def test_the_console_finds_categories_services_products_and_terms(goods: Goods) -> None:
    assert queries.categories() == ["Compute", "Networking", "Storage"]
    (ecs,) = queries.services("Compute")
    found = queries.products(goods.region, MOMENT, service_type=ecs)
    assert set(found) == {goods.host_by_use, goods.host_by_term, goods.host_reserved}
    by_term = queries.products(goods.region, MOMENT, mode=BillingMode.YEARLY_MONTHLY)
    assert set(by_term) == {goods.host_by_term, goods.disk_by_term}
    month, year = queries.terms(goods.host_by_term, goods.region, MOMENT)
    assert (month.label, month.counts) == ("Month: 1 to 11", tuple(range(1, 12)))
    assert (year.unit_price, year.counts) == (Decimal(500), (1, 2, 3))
    (reserved,) = queries.terms(goods.host_reserved, goods.region, MOMENT)
    assert (reserved.counts, reserved.upfront_price) == ((1,), Decimal(400))
    (usage,) = queries.terms(goods.host_by_use, goods.region, MOMENT)
    assert (usage.period, usage.unit_price) == (Period.NONE, Decimal("0.10"))


@pytest.mark.requirement("04-OBO-06")
def test_on_behalf_only_what_the_kind_of_partner_may_order(goods: Goods) -> None:
    assert goods.host_by_use in queries.products(goods.region, MOMENT, partner_kind="csp")
    assert not queries.products(goods.region, MOMENT, partner_kind="reseller").exists()


def test_a_product_without_a_price_in_the_region_is_not_offered_there(goods: Goods) -> None:
    ListPrice.objects.filter(product=goods.traffic).update(region=goods.other_region)
    assert goods.traffic not in queries.products(goods.region, MOMENT)
    assert goods.traffic in queries.products(goods.other_region, MOMENT)
