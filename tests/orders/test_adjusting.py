"""Adjusting the price of a customer's order (04 §8.3.3.2, 06-DAP)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account, PartnerTerms
from audit.models import OperationRecord
from catalog.models import Product
from customers.choices import AssociationModel
from customers.models import Association
from notifications.models import Notice
from orders.choices import DiscountKind, OrderStatus
from orders.models import CustomerOrder, PriceAdjustment, PriceAdjustmentLine
from orders.permissions import ADJUST_PRICES
from orders.queries import adjusting as reads
from orders.services import adjusting as services
from partner_center.refusals import CodeRequired, NotFound, NotPermitted, Refusal, Stale

from ..accounts.organization import at_once
from ..cast import Cast
from ..goods import Goods, stock
from . import partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods() -> Goods:
    return stock()


@pytest.fixture
def unpaid(cast: Cast, goods: Goods) -> CustomerOrder:
    """$154.00 of two hosts, of which at most 10 % may be taken off."""
    return partner.order(
        partner.refer(cast), (goods.host_by_term, "100.00"), (goods.host_by_term, "54.00")
    )


def _seen(order: CustomerOrder) -> str:
    order.refresh_from_db()
    return reads.seen_of(order)


def _adjust(cast: Cast, order: CustomerOrder, discount: str, user=None) -> PriceAdjustment:
    actor = cast.actor(user or cast.mara)
    return services.adjust_order(actor, order.pk, discount=Decimal(discount), seen=_seen(order))


@pytest.mark.requirement("04-PRC-03", "04-PRC-04", "06-DAP-03")
def test_a_discount_of_the_order_is_spread_and_written(cast: Cast, unpaid: CustomerOrder) -> None:
    _adjust(cast, unpaid, "15.40")
    unpaid.refresh_from_db()
    assert (unpaid.discount_amount, unpaid.amount) == (Decimal("15.40"), Decimal("138.60"))
    assert unpaid.discount_kind == DiscountKind.ADJUSTMENT
    shares = list(unpaid.items.order_by("number").values_list("discount_amount", flat=True))
    assert shares == [Decimal("10.00"), Decimal("5.40")]
    entry = PriceAdjustment.objects.get()
    assert (entry.account, entry.adjusted_by_name) == (cast.tidemark, "tidemark-cloud")
    assert {line.max_discount for line in entry.lines.all()} == {Decimal("10.00"), Decimal("5.40")}
    books = OperationRecord.objects.filter(action="orders.price.adjusted")
    assert {record.account_id for record in books} == {cast.tidemark.pk, cast.harborline.pk}
    assert Notice.objects.filter(account=cast.harborline, type="customer.order").count() == 1


@pytest.mark.requirement("04-PRC-03")
def test_each_resource_can_have_a_discount_of_its_own(cast: Cast, unpaid: CustomerOrder) -> None:
    first, second = unpaid.items.order_by("number")
    services.adjust_items(
        cast.actor(cast.mara),
        unpaid.pk,
        discounts={second.pk: Decimal("5.00")},
        seen=_seen(unpaid),
    )
    unpaid.refresh_from_db()
    assert unpaid.amount == Decimal("149.00")
    first.refresh_from_db()
    assert first.discount_amount == 0


@pytest.mark.requirement("04-PRC-05")
def test_adjusting_again_replaces_and_keeps_both_in_the_book(
    cast: Cast, unpaid: CustomerOrder
) -> None:
    _adjust(cast, unpaid, "15.40")
    _adjust(cast, unpaid, "0")
    unpaid.refresh_from_db()
    assert (unpaid.discount_amount, unpaid.discount_kind) == (0, DiscountKind.NONE)
    book = reads.list_adjustments(cast.actor(cast.mara)).order_by("pk")
    assert [row.discount_amount for row in book] == [Decimal("15.40"), 0]


@pytest.mark.requirement("04-PRC-05")
def test_the_book_cannot_be_changed(cast: Cast, unpaid: CustomerOrder) -> None:
    _adjust(cast, unpaid, "1.00")
    for model in (PriceAdjustment, PriceAdjustmentLine):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.update(discount_amount=0)


def _no_terms(cast: Cast, order: CustomerOrder) -> None:
    PartnerTerms.objects.update(may_discount=False)


def _excluded_country(cast: Cast, order: CustomerOrder) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(country="BR")


def _reseller_model(cast: Cast, order: CustomerOrder) -> None:
    CustomerOrder.objects.update(model=AssociationModel.RESELLER)


def _paid(cast: Cast, order: CustomerOrder) -> None:
    CustomerOrder.objects.update(status=OrderStatus.COMPLETED, paid_at=order.ordered_at)


def _canceled(cast: Cast, order: CustomerOrder) -> None:
    CustomerOrder.objects.update(status=OrderStatus.CANCELED)


def _late(cast: Cast, order: CustomerOrder) -> None:
    CustomerOrder.objects.update(pay_before=order.ordered_at)


def _no_product(cast: Cast, order: CustomerOrder) -> None:
    Product.objects.update(takes_partner_discount=False)


def _spot(cast: Cast, order: CustomerOrder) -> None:
    Product.objects.update(is_spot=True)


@pytest.mark.requirement("04-PRC-01", "04-PRC-02", "06-DAP-01")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_no_terms, "customers.discount.no_terms"),
        (_excluded_country, "customers.discount.country"),
        (_reseller_model, "orders.adjusting.reseller_model"),
        (_paid, "orders.adjusting.not_unpaid"),
        (_canceled, "orders.adjusting.not_unpaid"),
        (_late, "orders.adjusting.not_unpaid"),
        (_no_product, "orders.adjusting.no_product"),
        (_spot, "orders.adjusting.no_product"),
    ],
)
def test_what_may_not_be_adjusted(cast: Cast, unpaid: CustomerOrder, change, code: str) -> None:
    change(cast, unpaid)
    with pytest.raises(Refusal) as refused:
        _adjust(cast, unpaid, "1.00")
    assert refused.value.code == code
    assert not PriceAdjustment.objects.exists()


@pytest.mark.requirement("04-PRC-04")
@pytest.mark.parametrize(
    ("discount", "code"),
    [
        ("15.41", "orders.adjusting.too_high"),
        ("-0.01", "orders.adjusting.too_high"),
        ("0", "orders.adjusting.unchanged"),
    ],
)
def test_a_wrong_discount(cast: Cast, unpaid: CustomerOrder, discount: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        _adjust(cast, unpaid, discount)
    assert refused.value.code == code


@pytest.mark.requirement("04-PRC-04")
def test_one_resource_above_its_maximum(cast: Cast, unpaid: CustomerOrder) -> None:
    second = unpaid.items.get(number=2)
    with pytest.raises(Refusal) as refused:
        services.adjust_items(
            cast.actor(cast.mara),
            unpaid.pk,
            discounts={second.pk: Decimal("5.41")},
            seen=_seen(unpaid),
        )
    assert (refused.value.code, refused.value.field) == (
        "orders.adjusting.too_high",
        f"item_{second.pk}",
    )


@pytest.mark.requirement("02-ROL-06", "04-PRC-01")
def test_who_may_not(cast: Cast, unpaid: CustomerOrder) -> None:
    """Strangers find no order; members need the permission; managers only see their own customers."""
    PartnerTerms.objects.create(account=cast.northgate, may_discount=True)
    with pytest.raises(NotFound):
        _adjust(cast, unpaid, "1.00", cast.nora)
    with pytest.raises(NotPermitted):
        _adjust(cast, unpaid, "1.00", cast.felix)
    manager = cast.actor(cast.jun)
    may = replace(manager, permissions=manager.permissions | {ADJUST_PRICES})
    delta = partner.order(
        Association.objects.get(customer=cast.delta),
        (unpaid.items.first().product, "10.00"),
        model=AssociationModel.REFERRAL,
    )
    with pytest.raises(NotFound):
        services.adjust_order(may, delta.pk, discount=Decimal("1.00"), seen=_seen(delta))
    services.adjust_order(may, unpaid.pk, discount=Decimal("1.00"), seen=_seen(unpaid))


@pytest.mark.requirement("04-PRC-05")
def test_verify_its_you_asks_for_a_code(cast: Cast, unpaid: CustomerOrder) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    with pytest.raises(CodeRequired):
        _adjust(cast, unpaid, "1.00")
    answer = partner.client_of(cast.mara).post(
        f"/sales/orders/{unpaid.pk}/price", {"discount": "1.00", "seen": _seen(unpaid)}
    )
    assert b"verification_code" in answer.content
    assert not PriceAdjustment.objects.exists()


def test_a_stale_page_is_refused(cast: Cast, unpaid: CustomerOrder) -> None:
    seen = _seen(unpaid)
    _adjust(cast, unpaid, "5.00")
    with pytest.raises(Stale):
        services.adjust_order(cast.actor(cast.mara), unpaid.pk, discount=Decimal("6.00"), seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(cast: Cast, unpaid: CustomerOrder) -> None:
    actor, seen = cast.actor(cast.mara), _seen(unpaid)
    answers = at_once(
        *(
            lambda amount=amount: services.adjust_order(
                actor, unpaid.pk, discount=Decimal(amount), seen=seen
            )
            for amount in ("3.00", "4.00")
        )
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["PriceAdjustment", "Stale"]
    unpaid.refresh_from_db()
    assert unpaid.discount_amount == PriceAdjustment.objects.get().discount_amount


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRC-03", "06-DAP-02", "06-DAP-03")
def test_the_page_calculates_without_changing_and_then_adjusts(
    cast: Cast, unpaid: CustomerOrder
) -> None:
    client, address = partner.client_of(cast.mara), f"/sales/orders/{unpaid.pk}/price"
    page = client.get(address)
    shown = page.context["shown"]
    assert (shown.maximum, shown.after, shown.rebate) == (
        Decimal("15.40"),
        Decimal("154.00"),
        Decimal("38.50"),
    )
    form = {"discount": "7.70", "seen": page.context["form"].initial["seen"]}
    PartnerTerms.objects.update(estimated_rebate=10)  # of $95.00 and $51.30
    shown = client.post(address, form | {"preview": "1"}).context["shown"]
    assert (shown.discount, shown.after) == (Decimal("7.70"), Decimal("146.30"))
    assert shown.rebate == Decimal("14.63")
    unpaid.refresh_from_db()
    assert unpaid.discount_amount == 0
    answer = client.post(address, form, follow=True)
    assert "Order price adjusted successfully" in answer.content.decode()
    assert answer.context["order"].amount == Decimal("146.30")


def test_bad_input_is_said_beside_the_field_and_kept(cast: Cast, unpaid: CustomerOrder) -> None:
    client, address = partner.client_of(cast.mara), f"/sales/orders/{unpaid.pk}/price"
    for typed in ("15.41", "much", "1.234", ""):
        answer = client.post(address, {"discount": typed, "seen": _seen(unpaid)})
        assert answer.status_code == 422
        assert answer.context["form"].errors["discount"]
        assert answer.context["form"]["discount"].value() == typed
    second = unpaid.items.get(number=2)
    fields = {f"item_{item.pk}": "0" for item in unpaid.items.all()}
    answer = client.post(
        f"{address}?tab=resource", fields | {f"item_{second.pk}": "9", "seen": _seen(unpaid)}
    )
    assert answer.status_code == 422 and answer.context["form"].errors[f"item_{second.pk}"]
