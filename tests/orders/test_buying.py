"""Buying, paying, canceling (08 §10.5, 10.4.2; 04 D-51)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from audit.models import OperationRecord
from budgets.choices import HoldOwner, Strength
from budgets.refusals import AccountFrozen
from budgets.services import holds
from catalog.refusals import SizeOutOfRange, TermNotSold
from metering.models import Charge, MonthlySpend
from orders.choices import OrderStatus
from orders.models import CustomerOrder
from orders.queries.baskets import Basket
from orders.refusals.buying import (
    AgreementMissing,
    DiscountNotUsable,
    NeedsNoOrder,
    OrderNotPending,
    PaymentOverdue,
    ZoneUnknown,
)
from orders.services import canceling, paying, purchasing
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from resources.models import CloudResource, PackageQuota

from .. import goods
from ..accounts.organization import at_once, refusals
from ..cast import assemble
from .steps import Shop, at, charges_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("08-BUY-01", "08-BUY-08", "08-BUY-09", "04-D-51")
def test_an_order_is_placed_paid_and_provided(shop) -> None:
    moment = shop.clock("2026-11-30 10:00")
    order = shop.order(shop.goods.host_by_term, quantity=2, periods=3, zone="AZ1")
    assert (order.status, order.list_amount, order.amount) == ("pending", 300, 300)
    assert order.partner == shop.cast.tidemark and order.model == "reseller"
    assert order.order_no.startswith("CS2611301000") and len(order.order_no) == 18
    assert not CloudResource.objects.exists() and not Charge.objects.exists()
    paying.pay(shop.customer, order.pk)
    order.refresh_from_db()
    assert (order.status, order.payment, order.paid_at) == ("completed", "monthly", moment)
    found = CloudResource.objects.order_by("name")
    assert [row.name for row in found] == ["web-0001", "web-0002"]
    assert {row.expires_at for row in found} == {at("2027-02-28 10:00")}
    assert charges_of(order) == [("expenditure", 150, 0, ""), ("expenditure", 150, 0, "")]
    spend = MonthlySpend.objects.get(customer=shop.cast.harborline)
    assert (spend.cycle, spend.list_amount, spend.mode) == ("2026-11", 300, "period")
    done = OperationRecord.objects.filter(account=shop.cast.harborline)
    assert done.get(action="orders.order.paid").trace_name == "applyPartnerPayment"
    assert {"orders.order.placed", "orders.order.paid"} <= set(
        done.values_list("action", flat=True)
    )


@pytest.mark.requirement("04-ORD-01", "08-BUY-05")
def test_pay_per_use_needs_no_order(shop) -> None:
    resource = shop.use(shop.goods.disk_by_use, size=40)
    assert (resource.size, resource.expires_at, resource.mode) == (40, None, "usage")
    assert not CustomerOrder.objects.exists() and not Charge.objects.exists()
    with pytest.raises(NeedsNoOrder):
        shop.order(shop.goods.disk_by_use, size=40)
    with pytest.raises(NeedsNoOrder):
        shop.use(shop.goods.host_by_term, period="month", periods=1)


@pytest.mark.requirement("08-BUY-09")
def test_reserved_instances_and_packages_stay_together(shop) -> None:
    shop.clock("2026-11-30 10:00")
    instance = shop.buy(shop.goods.host_reserved, quantity=3)
    assert (instance.quantity, instance.expires_at) == (3, at("2027-11-30 10:00"))
    charge = Charge.objects.get(resource_id=instance.resource_id)
    assert (charge.list_amount, charge.reserved_hours) == (1200, 3 * 365 * 24)
    package = shop.buy(shop.goods.traffic_package, periods=2)
    quotas = PackageQuota.objects.filter(resource=package).order_by("cycle")
    assert list(quotas.values_list("cycle", "quota")) == [
        ("2026-11", 100),
        ("2026-12", 100),
        ("2027-01", 100),
    ]


@pytest.mark.requirement("08-BUY-04")
def test_what_is_wrong_is_refused_and_nothing_is_ordered(shop) -> None:
    goods = shop.goods
    basket = Basket((shop.line(goods.host_by_term, period="month", periods=1),))
    with pytest.raises(AgreementMissing):
        purchasing.place(shop.customer, basket, agrees=False)
    with pytest.raises(TermNotSold):
        shop.order(goods.host_by_term, periods=12)
    with pytest.raises(SizeOutOfRange):
        shop.order(goods.disk_by_term, size=5)
    with pytest.raises(ZoneUnknown):
        shop.order(goods.host_by_term, zone="AZ9")
    with pytest.raises(NotPermitted):
        purchasing.place(shop.cast.actor(shop.cast.mara), basket)
    assert not CustomerOrder.objects.exists()


@pytest.mark.requirement("08-BUY-06", "04-RM-04")
def test_a_customer_that_is_frozen_meanwhile_cannot_pay(shop) -> None:
    order = shop.order(shop.goods.host_by_term)
    holds.place(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owner=HoldOwner.PARTNER,
        strength=Strength.ACCOUNT,
        reason="Overspending",
        moment=clock.now(),
    )
    with pytest.raises(AccountFrozen, match="Nothing was ordered"):
        paying.pay(shop.customer, order.pk)
    with pytest.raises(AccountFrozen):
        shop.use(shop.goods.host_by_use)
    order.refresh_from_db()
    assert order.status == OrderStatus.PENDING_PAYMENT and not CloudResource.objects.exists()


@pytest.mark.requirement("08-CSN-03", "08-CSN-04", "08-CSN-10", "08-CSN-11")
def test_a_referral_customer_pays_in_cash_with_its_discount(shop) -> None:
    reseller = shop.order(shop.goods.disk_by_term, size=33)
    with pytest.raises(DiscountNotUsable):
        paying.pay(shop.customer, reseller.pk, "partner")
    shop.refer(percent=15)
    order = shop.order(shop.goods.disk_by_term, size=33, quantity=2)
    paid = paying.pay(shop.customer, order.pk, "partner")
    # 3.30 × 0.85 = 2.805, half up per line: 2.81
    assert (paid.list_amount, paid.amount, paid.payment) == (
        Decimal("6.60"),
        Decimal("5.62"),
        "cash",
    )
    assert charges_of(paid) == [("expenditure", Decimal("3.30"), Decimal("0.49"), "")] * 2


@pytest.mark.requirement("08-CSN-06")
def test_partner_discounts_do_not_apply_to_everything(shop) -> None:
    shop.refer(percent=15)
    product = shop.goods.host_by_term
    product.takes_partner_discount = False
    product.save(update_fields=["takes_partner_discount"])
    order = shop.order(product)
    with pytest.raises(DiscountNotUsable, match="do not apply"):
        paying.pay(shop.customer, order.pk, "partner")
    assert paying.pay(shop.customer, order.pk).amount == 50


@pytest.mark.requirement("04-D-51")
def test_orders_are_canceled_by_hand_and_by_time(shop) -> None:
    moment = shop.clock("2026-11-30 10:00")
    first, second = shop.order(shop.goods.host_by_term), shop.order(shop.goods.host_by_term)
    canceling.cancel(shop.customer, first.pk)
    with pytest.raises(OrderNotPending):
        paying.pay(shop.customer, first.pk)
    with pytest.raises(OrderNotPending):
        canceling.cancel(shop.customer, first.pk)
    with pytest.raises(NotFound):
        canceling.cancel(shop.customer, 0)
    assert canceling.cancel_overdue(moment + timedelta(days=7) - timedelta(seconds=1)) == 0
    late = shop.clock("2026-12-07 10:00")
    with pytest.raises(PaymentOverdue):
        paying.pay(shop.customer, second.pk)
    assert [canceling.cancel_overdue(late), canceling.cancel_overdue(late)] == [1, 0]
    second.refresh_from_db()
    assert second.status == OrderStatus.CANCELED


@pytest.mark.django_db(transaction=True)
def test_who_pays_twice_at_once_pays_once(db, monkeypatch) -> None:
    shop = Shop(assemble(), goods.stock(), monkeypatch)
    goods.grant_budget(shop.cast.harborline)
    customer, order = shop.customer, shop.order(shop.goods.host_by_term)
    call = partial(paying.pay, customer, order.pk)
    assert refusals(at_once(call, call)) == ["orders.order.not_pending"]
    assert CloudResource.objects.count() == Charge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("04-BFM-16", "04-D-07")
def test_what_fits_once_is_bought_once_by_two_at_once(db, monkeypatch) -> None:
    """Each sees a budget that suffices, orders, and pays: one is paid, the other order waits on."""
    shop = Shop(assemble(), goods.stock(), monkeypatch)
    goods.grant_budget(shop.cast.harborline, "90.00")
    customer = shop.customer
    basket = Basket((shop.line(shop.goods.host_by_term, period="month", periods=1),))
    orders = at_once(*[partial(purchasing.place, customer, basket)] * 2)
    assert [order.list_amount for order in orders] == [50, 50]
    paid = at_once(*[partial(paying.pay, customer, order.pk) for order in orders])
    assert refusals(paid) == ["budgets.guard.budget_insufficient"]
    assert MonthlySpend.objects.get().list_amount == 50
    assert CloudResource.objects.count() == Charge.objects.count() == 1
    left = CustomerOrder.objects.values_list("status", flat=True)
    assert sorted(left) == ["completed", "pending"]
    late = at_once(partial(purchasing.place, customer, basket))
    assert refusals(late) == ["budgets.guard.budget_insufficient"]
