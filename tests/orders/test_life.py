"""Renewals, changes, conversions, unsubscriptions, and what happens by itself (04 matrix)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeRecord
from budgets.queries import holds as shown_holds
from budgets.refusals import AccountFrozen, ResourcesFrozen
from budgets.services import holds, retention
from catalog.models import Product
from catalog.refusals import TermNotSold
from customers import account_checks
from customers.choices import AssociationModel, FailureCause, Side
from customers.queries import facts
from customers.rules.eligibility import PartnerFacts, association_causes
from metering.models import Charge
from notifications.models import Notice
from orders.choices import OrderStatus
from orders.models import AutoRenewalAttempt, CustomerOrder
from orders.queries import mine
from orders.refusals.buying import (
    InPendingOrder,
    NoRenewalPeriod,
    NotRenewable,
    NotUnsubscribable,
    OnlyGrows,
    ResourceChanged,
    ResourceExpired,
    StateHasChanged,
    WrongMode,
)
from orders.services import (
    auto_renewal,
    canceling,
    changing,
    converting,
    operating,
    paying,
    renewing,
    unsubscribing,
)
from partner_center import clock
from partner_center.clock import BUSINESS_ZONE
from partner_center.refusals import NotFound
from resources.choices import ResourceStatus
from resources.models import CloudResource, FrozenInterval, PackageQuota
from resources.services import life

from ..goods import LONG_AGO
from .steps import at, charges_of

pytestmark = pytest.mark.django_db


def fresh(resource: CloudResource) -> CloudResource:
    return CloudResource.objects.get(pk=resource.pk)


def freeze(shop, strength=Strength.ACCOUNT, text: str = "") -> None:
    holds.place(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owner=HoldOwner.PARTNER,
        strength=strength,
        reason="Overspending",
        moment=shop.clock(text),
    )


def unfreeze(shop, text: str) -> datetime:
    moment = shop.clock(text)
    holds.release(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owners=list(HoldOwner),
        origin=HoldOwner.PARTNER,
        reason="Settled",
        moment=moment,
    )
    return moment


# --- Renewing ----------------------------------------------------------------------------------


@pytest.mark.requirement("04-BFM-06")
def test_a_renewal_adds_a_term_when_it_is_paid(shop) -> None:
    shop.clock("2026-01-31 10:00")
    host = shop.buy(shop.goods.host_by_term)
    done = renewing.renew(shop.customer, [host.pk], "month", 1)
    assert fresh(host).expires_at == at("2026-02-28 10:00"), "not before it is paid"
    again = renewing.renew(shop.customer, [host.pk], "month", 1)
    assert isinstance(again.failed[host.pk], InPendingOrder)
    paying.pay(shop.customer, done.orders[0].pk)
    assert fresh(host).expires_at == at("2026-03-31 10:00")
    year = renewing.renew(shop.customer, [host.pk], "year", 1, pay_now=True)
    assert year.orders[0].list_amount == 500 and not year.failed
    assert fresh(host).expires_at == at("2027-03-31 10:00")
    with pytest.raises(NotFound):
        renewing.renew(shop.customer, [host.pk, 0], "month", 1)


def test_renewals_end_on_the_common_day_of_expiry(shop) -> None:
    shop.clock("2026-11-29 10:00")
    disk = shop.buy(shop.goods.disk_by_term, size=300)  # 30.00 a month, so 1.00 a day
    auto_renewal.set_rules(shop.customer, expiry_day=5)
    (order,) = renewing.renew(shop.customer, [disk.pk], "month", 1, pay_now=True).orders
    assert fresh(disk).expires_at == at("2027-02-05 10:00")  # Jan 29 and 7 days
    assert order.list_amount == Decimal("37.00")


@pytest.mark.requirement("04-BFM-06", "08-BUY-09")
def test_what_is_reserved_is_renewed_for_its_own_term(shop) -> None:
    shop.clock("2027-02-28 10:00")
    instance = shop.buy(shop.goods.host_reserved, quantity=2)
    assert [each.key for each in mine.renewal_terms(instance, at("2027-03-01 10:00"))] == ["year:1"]
    auto_renewal.set_rules(shop.customer, expiry_day=5)  # not of what has a fixed term
    (order,) = renewing.renew(shop.customer, [instance.pk], "year", 1, pay_now=True).orders
    assert (order.list_amount, fresh(instance).expires_at) == (800, at("2029-02-28 10:00"))
    charge = Charge.objects.get(order_no=order.order_no)
    assert (charge.reserved_hours, charge.order_type) == (2 * 366 * 24, "renewal")
    refused = renewing.renew(shop.customer, [instance.pk], "month", 1).failed[instance.pk]
    assert isinstance(refused, TermNotSold)
    auto_renewal.switch_on(shop.customer, instance.pk, times=1)
    assert auto_renewal.renew_due(shop.clock("2029-02-25 10:00")) == 1
    assert fresh(instance).expires_at == at("2030-02-28 10:00")
    (late,) = renewing.renew(shop.customer, [instance.pk], "year", 1).orders
    shop.clock("2030-02-28 10:00")  # over, though no job has written it yet
    CustomerOrder.objects.filter(pk=late.pk).update(pay_before=None)
    with pytest.raises(ResourceChanged):
        paying.pay(shop.customer, late.pk)
    canceling.cancel(shop.customer, late.pk)
    again = renewing.renew(shop.customer, [instance.pk], "year", 1)
    assert isinstance(again.failed[instance.pk], NotRenewable)
    by_use = shop.use(shop.goods.host_by_use)
    paid_by_use = renewing.renew(shop.customer, [by_use.pk], "month", 1)
    assert isinstance(paid_by_use.failed[by_use.pk], WrongMode)


@pytest.mark.requirement("04-BFM-06", "08-BUY-09")
@pytest.mark.parametrize(
    ("reset", "bought", "renewed"),
    [
        (
            "month",
            [("2026-01", "01-31", "02-01"), ("2026-02", "02-01", "02-28")],
            [
                ("2026-01", "01-31", "02-01"),
                ("2026-02", "02-01", "03-01"),  # goes on in the month that it belongs to
                ("2026-03", "03-01", "03-31"),
            ],
        ),
        ("", [("", "01-31", "02-28")], [("", "01-31", "02-28"), ("", "02-28", "03-31")]),
    ],
)
def test_a_renewed_package_has_quota_for_its_new_term(shop, reset, bought, renewed) -> None:
    Product.objects.filter(pk=shop.goods.traffic_package.pk).update(package_reset=reset)
    shop.goods.traffic_package.package_reset = reset

    def quotas() -> list[tuple[str, str, str]]:
        rows = PackageQuota.objects.filter(resource=package, quota=100).order_by("starts_at")
        return [
            (
                row.cycle,
                *(f"{t.astimezone(BUSINESS_ZONE):%m-%d}" for t in (row.starts_at, row.ends_at)),
            )
            for row in rows
        ]

    shop.clock("2026-01-31 00:00")
    package = shop.buy(shop.goods.traffic_package)
    assert quotas() == bought
    (order,) = renewing.renew(shop.customer, [package.pk], "month", 1, pay_now=True).orders
    assert (order.amount, fresh(package).expires_at) == (9, at("2026-03-31 00:00"))
    assert quotas() == renewed
    back = unsubscribing.unsubscribe(shop.customer, [package.pk], renewal_only=True)
    assert (back.orders[0].amount, quotas()) == (-9, bought)


# --- Changing ----------------------------------------------------------------------------------


@pytest.mark.requirement("04-D-07")
def test_a_bigger_disk_costs_the_difference_for_the_unused_days(shop) -> None:
    shop.clock("2026-11-01 10:00")
    disk = shop.buy(shop.goods.disk_by_term, size=100)  # 10.00 for 30 days
    shop.clock("2026-11-16 09:00")  # 15 whole days are left
    order = changing.change(shop.customer, disk.pk, disk.product_id, 160)
    assert (order.list_amount, order.status) == (Decimal("3.00"), "pending")
    with pytest.raises(InPendingOrder):
        changing.change(shop.customer, disk.pk, disk.product_id, 200)
    paying.pay(shop.customer, order.pk)
    assert fresh(disk).size == 160
    with pytest.raises(OnlyGrows):
        changing.change(shop.customer, disk.pk, disk.product_id, 150)


def _bigger_and_smaller(shop) -> Product:
    """A host that costs $20 a month where the usual one costs $50."""
    usual = shop.goods.host_by_term
    small = Product.objects.create(
        code="host-term-small",
        name="Host by term, small",
        mode=usual.mode,
        service_type=usual.service_type,
        resource_type=usual.resource_type,
    )
    small.prices.create(period="month", unit_price=20, valid_from=LONG_AGO)
    return small


def test_a_falling_price_is_given_back_at_the_rate_that_was_paid(shop) -> None:
    small = _bigger_and_smaller(shop)
    shop.clock("2026-11-01 10:00")
    shop.refer(percent=10)
    host = shop.buy(shop.goods.host_by_term, discount="partner")  # 45.00 of 50.00
    shop.clock("2026-11-16 09:00")
    order = changing.change(shop.customer, host.pk, small.pk)
    assert (order.list_amount, order.amount, order.status) == (
        Decimal("-15.00"),
        Decimal("-13.50"),
        "completed",
    )
    assert charges_of(order) == [("refund", Decimal("-15.00"), Decimal("-1.50"), host.order_no)]
    assert fresh(host).product == small
    done = unsubscribing.unsubscribe(shop.customer, [host.pk])
    # 45.00 × 14 ÷ 30 = 21.00 less 13.50 × 14 ÷ 15 = 12.60; half of the day has begun
    shop_paid = done.orders[0].amount
    assert shop_paid == -(Decimal("22.50") - Decimal("13.50"))


# --- Unsubscribing -------------------------------------------------------------------------------


@pytest.mark.requirement("04-D-17", "04-D-51")
def test_unused_days_are_given_back_with_the_original_order(shop) -> None:
    shop.clock("2026-11-01 10:00")
    host = shop.buy(shop.goods.host_by_term)
    first = CustomerOrder.objects.get(order_no=host.order_no)
    (renewal,) = renewing.renew(shop.customer, [host.pk], "month", 1, pay_now=True).orders
    freeze(shop, text="2026-11-16 10:30")  # unsubscribing stays possible
    done = unsubscribing.unsubscribe(shop.customer, [host.pk], "5", "No longer needed")
    (order,) = done.orders
    assert (order.amount, order.payment, order.reason) == (
        Decimal("-73.33"),  # 14 of 30 days of 50.00, and the whole renewal
        "monthly",
        "No longer needed",
    )
    assert charges_of(order) == [
        ("refund", Decimal("-23.33"), 0, first.order_no),
        ("refund", Decimal("-50.00"), 0, renewal.order_no),
    ]
    assert (fresh(host).status, fresh(host).release_cause) == ("released", "unsubscribed")
    states = {row.order_no: row.status for row in CustomerOrder.objects.all()}
    assert states[first.order_no] == states[renewal.order_no] == OrderStatus.UNSUBSCRIBED
    assert states[order.order_no] == OrderStatus.COMPLETED


def test_only_the_renewal_can_be_unsubscribed(shop) -> None:
    shop.clock("2026-11-01 10:00")
    disk = shop.buy(shop.goods.disk_by_term, size=100)
    refused = unsubscribing.unsubscribe(shop.customer, [disk.pk], renewal_only=True)
    assert isinstance(refused.failed[disk.pk], NoRenewalPeriod)
    renewing.renew(shop.customer, [disk.pk], "month", 2, pay_now=True)
    bigger = changing.change(shop.customer, disk.pk, disk.product_id, 200)
    paying.pay(shop.customer, bigger.pk)
    assert bigger.list_amount == 30  # 10.00 a month for the three of them
    done = unsubscribing.unsubscribe(shop.customer, [disk.pk], renewal_only=True)
    assert done.orders[0].amount == -40  # two months at the new size
    assert (fresh(disk).status, fresh(disk).expires_at) == ("running", at("2026-12-01 10:00"))
    everything = unsubscribing.unsubscribe(shop.customer, [disk.pk])
    assert everything.orders[0].amount == -20
    assert sum(Charge.objects.values_list("list_amount", flat=True)) == 0


def test_what_cannot_be_unsubscribed_does_not_stop_the_rest(shop) -> None:
    host, by_use = shop.buy(shop.goods.host_by_term), shop.use(shop.goods.host_by_use)
    plan = shop.buy(shop.goods.host_reserved)
    CloudResource.objects.filter(pk=plan.pk).update(mode="savings")
    done = unsubscribing.unsubscribe(shop.customer, [by_use.pk, plan.pk, host.pk])
    assert isinstance(done.failed[by_use.pk], WrongMode)
    assert isinstance(done.failed[plan.pk], NotUnsubscribable)
    assert len(done.orders) == 1 and fresh(host).status == "released"


def test_attached_resources_go_with_the_main_one(shop) -> None:
    shop.clock("2026-11-01 10:00")
    host, disk = shop.buy(shop.goods.host_by_term), shop.buy(shop.goods.disk_by_term, size=100)
    CloudResource.objects.filter(pk=disk.pk).update(parent=host)
    (renewal,) = renewing.renew(shop.customer, [host.pk], "month", 1, pay_now=True).orders
    assert (renewal.list_amount, renewal.items.count()) == (60, 2)
    assert renewing.renew(shop.customer, [disk.pk], "month", 1).failed
    assert unsubscribing.unsubscribe(shop.customer, [host.pk]).orders[0].amount == -120
    assert fresh(disk).status == "released"


# --- Billing modes ------------------------------------------------------------------------------


def test_pay_per_use_becomes_yearly_monthly_and_back(shop) -> None:
    shop.clock("2026-11-01 10:00")
    disk = shop.use(shop.goods.disk_by_use, size=100)
    order = converting.to_period(shop.customer, [disk.pk], "month", 1)
    assert fresh(disk).mode == "usage"
    shop.clock("2026-11-02 10:00")
    paying.pay(shop.customer, order.pk)
    assert (fresh(disk).mode, fresh(disk).expires_at) == ("period", at("2026-12-02 10:00"))
    with pytest.raises(WrongMode):
        operating.delete(shop.customer, disk.pk)
    shop.clock("2026-11-17 10:00")
    (back,) = converting.to_usage(shop.customer, [disk.pk])
    assert (back.amount, back.order_type) == (-5, "to_usage")
    assert (fresh(disk).mode, fresh(disk).expires_at) == ("usage", None)
    again = converting.to_period(shop.customer, [disk.pk], "month", 1)
    paying.pay(shop.customer, again.pk)
    operating.stop(shop.customer, disk.pk)
    assert unsubscribing.unsubscribe(shop.customer, [disk.pk]).orders[0].amount == -10


def test_a_term_can_end_in_pay_per_use(shop) -> None:
    shop.clock("2026-11-01 10:00")
    disk, host = shop.buy(shop.goods.disk_by_term, size=10), shop.buy(shop.goods.host_by_term)
    for row in (disk, host):
        converting.on_expiry(shop.customer, row.pk, wanted=True)
    converting.on_expiry(shop.customer, host.pk, wanted=False)
    later = shop.clock("2026-12-01 10:00")
    assert [converting.convert_due(later), life.expire(later), life.expire(later)] == [1, 1, 0]
    assert (fresh(disk).mode, fresh(disk).effective_at) == ("usage", later)
    assert fresh(host).status == "expired"


# --- By itself ----------------------------------------------------------------------------------


@pytest.mark.requirement("04-D-18")
def test_what_has_expired_is_retained_renewed_or_released(shop) -> None:
    shop.clock("2028-01-31 23:30")
    kept, lost = shop.buy(shop.goods.host_by_term), shop.buy(shop.goods.host_by_term)
    instance = shop.buy(shop.goods.host_reserved)
    ends = at("2028-02-29 23:30")
    assert life.expire(ends - timedelta(seconds=1)) == 0
    assert life.expire(shop.clock("2028-02-29 23:30")) == 2
    assert fresh(lost).retained_until == at("2028-03-15 23:30")
    with pytest.raises(StateHasChanged):
        operating.stop(shop.customer, kept.pk)
    with pytest.raises(ResourceExpired):
        changing.change(shop.customer, kept.pk, kept.product_id)
    renewing.renew(shop.customer, [kept.pk], "month", 1, pay_now=True)
    assert (fresh(kept).status, fresh(kept).expires_at) == ("running", at("2028-03-31 23:30"))
    pending = renewing.renew(shop.customer, [lost.pk], "month", 1).orders[0]
    assert life.end_retention(at("2028-03-15 23:29")) == 0
    assert life.end_retention(at("2028-03-15 23:30")) == 1
    with pytest.raises(ResourceChanged):
        paying.pay(shop.customer, pending.pk)
    assert fresh(instance).status == "running"
    life.expire(at("2029-01-31 23:30"))
    assert (fresh(instance).status, fresh(instance).release_cause) == ("released", "expired")


@pytest.mark.requirement("04-D-07")
def test_auto_renewal_is_tried_once_a_day_and_its_failure_is_told(shop) -> None:
    shop.clock("2026-11-01 10:00")
    host = shop.buy(shop.goods.host_by_term)
    auto_renewal.switch_on(shop.customer, host.pk, times=1)
    assert auto_renewal.renew_due(at("2026-11-24 02:59")) == 0
    assert not AutoRenewalAttempt.objects.exists()
    freeze(shop, text="2026-11-20 10:00")
    assert [auto_renewal.renew_due(at("2026-11-24 03:00")) for _ in range(2)] == [0, 0]
    attempt = AutoRenewalAttempt.objects.get()
    assert "restricted by your partner" in attempt.failure
    assert CustomerOrder.objects.count() == 1, "nothing of the failed order is left"
    told = Notice.objects.filter(type__endswith="renewal_failed").values_list("account", flat=True)
    assert sorted(told) == sorted([shop.cast.tidemark.pk, shop.cast.harborline.pk])
    heard = Notice.objects.get(type="customer_renewal_failed").body
    assert "is frozen. Unfreeze it before the resource expires." in heard
    holds.release(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owners=list(HoldOwner),
        origin=HoldOwner.PARTNER,
        reason="Settled",
        moment=shop.clock("2026-11-24 12:00"),
    )
    assert auto_renewal.renew_due(at("2026-11-24 12:00")) == 0
    assert auto_renewal.renew_due(at("2026-11-25 03:00")) == 1
    assert fresh(host).expires_at == at("2027-01-01 10:00")
    assert (fresh(host).expiry_policy, fresh(host).auto_renew_period) == ("retain", "")
    order = CustomerOrder.objects.latest("pk")
    assert (order.source, order.ordered_by_name) == ("system", "orders.renew_due")


@pytest.mark.requirement(
    "04-D-18", "04-FRZ-07", "04-RMX-05", "04-UNF-05", "07-RFRZ-04", "07-RFRZ-05"
)
def test_frozen_resources_stand_still_and_are_released_in_time(shop) -> None:
    shop.clock("2026-11-01 10:00")
    host, disk = shop.buy(shop.goods.host_by_term), shop.use(shop.goods.disk_by_use, size=10)
    freeze(shop, Strength.RESOURCES, "2026-11-05 10:00")
    assert fresh(host).is_frozen and fresh(disk).is_frozen
    assert FrozenInterval.objects.get().ended_at is None
    for text, days in (("2026-11-13 10:01", 7), ("2026-11-17 10:01", 3), ("2026-11-19 10:01", 1)):
        retention.remind(at(text))
        retention.remind(at(text))
        reminders = Notice.objects.filter(key__startswith="release:", key__endswith=f":{days}")
        assert reminders.count() == 2
    assert retention.release_due(at("2026-11-20 09:59")) == 0
    assert [retention.release_due(at("2026-11-20 10:00")) for _ in range(2)] == [1, 0]
    assert {fresh(host).release_cause, fresh(disk).release_cause} == {"frozen"}
    assert shop.association.freeze_state.state == "account"
    record = FreezeRecord.objects.latest("pk")
    assert (record.action, record.before, record.after, record.origin) == (
        "release_resources",
        "resources",
        "account",
        "system",
    )
    assert FrozenInterval.objects.get().ended_at == at("2026-11-20 10:00")
    assert Notice.objects.filter(key=f"released:{record.pk}").count() == 2
    unfreeze(shop, "2026-11-21 10:00")
    shop.association.freeze_state.refresh_from_db()
    assert shop.association.freeze_state.state == "normal"
    assert fresh(host).status == fresh(disk).status == ResourceStatus.RELEASED, "gone for good"


@pytest.mark.requirement("04-D-17")
def test_the_operator_can_narrow_a_freeze_to_what_is_paid_by_use(shop, settings) -> None:
    settings.FREEZE_PAY_PER_USE_ONLY = True
    shop.clock("2026-11-01 10:00")
    host, disk = shop.buy(shop.goods.host_by_term), shop.use(shop.goods.disk_by_use, size=10)
    freeze(shop, Strength.RESOURCES, "2026-11-05 10:00")
    assert not fresh(host).is_frozen and fresh(disk).is_frozen
    assert FrozenInterval.objects.get().ended_at is None, "usage is charged no more"
    assert str(operating.rename(shop.customer, host.pk, "web")) == "web"
    with pytest.raises(AccountFrozen):
        operating.stop(shop.customer, host.pk)
    with pytest.raises(ResourcesFrozen):
        operating.rename(shop.customer, disk.pk, "data")
    shown = shown_holds.freeze_of(shop.cast.actor(shop.cast.mara), shop.association.pk)
    assert shown.banner.endswith("Yearly/monthly resources stay in service.")
    told = Notice.objects.get(account=shop.cast.harborline, key__startswith="freeze:")
    assert "Yearly/monthly resources stay in service." in told.body
    retention.remind(at("2026-11-19 10:01"))
    ahead = Notice.objects.get(
        account=shop.cast.tidemark, key__startswith="release:", key__endswith=":1"
    )
    assert "all pay-per-use resources are released" in ahead.body
    assert retention.release_due(at("2026-11-20 10:00")) == 1
    assert fresh(disk).status == ResourceStatus.RELEASED
    assert fresh(host).status == ResourceStatus.RUNNING


@pytest.mark.requirement("04-UNF-05", "07-RUFZ-02", "07-RFRZ-04")
def test_unfreezing_lets_resources_run_again(shop) -> None:
    disk = shop.use(shop.goods.disk_by_use, size=10)
    freeze(shop, Strength.RESOURCES, "2030-01-01 10:00")
    assert fresh(disk).is_frozen and FrozenInterval.objects.get().ended_at is None
    moment = unfreeze(shop, "2030-01-02 10:00")
    assert not fresh(disk).is_frozen and fresh(disk).status == ResourceStatus.RUNNING
    assert FrozenInterval.objects.get().ended_at == moment


# --- What the account checks ask ----------------------------------------------------------------


@pytest.mark.requirement("08-BUY-08", "04-ASC-04", "04-ASC-05", "08-CSA-18", "08-CSD-04")
def test_real_orders_and_instances_stand_in_the_way_of_leaving_and_coming_in(shop) -> None:
    def failed(side: Side) -> list[str]:
        items = account_checks.items(shop.association, side)
        return [item.code for item in items if not item.passed]

    assert failed(Side.CUSTOMER) == failed(Side.PARTNER) == []
    order = shop.order(shop.goods.host_reserved)
    assert failed(Side.CUSTOMER) == ["pending_orders"]
    paying.pay(shop.customer, order.pk)
    assert failed(Side.CUSTOMER) == failed(Side.PARTNER) == ["reserved_resources"]
    association, now = shop.association, clock.now()
    for moment, is_kept in ((now, True), (now + timedelta(days=800), False)):
        known = facts.customer_facts(
            association.customer, email="", partner=association.account, moment=moment
        )
        causes = association_causes(known, PartnerFacts(), AssociationModel.RESELLER, moment)
        assert (FailureCause.RESERVED_INSTANCE in causes) is is_kept


def test_nobody_operates_what_is_not_its_own(shop) -> None:
    disk = shop.use(shop.goods.disk_by_use, size=10)
    stranger = shop.cast.actor(User.objects.get(account=shop.cast.delta, is_main=True))
    for what in (operating.start, operating.stop, operating.restart, operating.delete):
        with pytest.raises(NotFound):
            what(stranger, disk.pk)
    assert fresh(disk).status == ResourceStatus.RUNNING
    operating.stop(shop.customer, disk.pk)
    with pytest.raises(StateHasChanged):
        operating.restart(shop.customer, disk.pk)
    operating.start(shop.customer, disk.pk)
    assert str(operating.rename(shop.customer, disk.pk, " data ")) == "data"
    operating.delete(shop.customer, disk.pk)
    assert (fresh(disk).status, fresh(disk).release_cause) == ("released", "deleted")
