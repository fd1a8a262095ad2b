"""Coupons: issued and revoked, returned in three cases only, read by partners, told about."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import OperationRecord
from billing import refusals
from billing.choices import CouponMove, CouponSource
from billing.exporters.details import DETAILS
from billing.models import BillLine, Coupon, CouponEntry, CouponNotice, CouponUse
from billing.queries import coupons as queries
from billing.services import coupon_notices
from billing.services import coupons as services
from billing.services.terms import Validity
from catalog.models import Product, ServiceType
from customers.models import Association
from metering.models import Charge
from notifications.models import Message, Notice
from orders.models import CustomerOrder, OrderItem
from orders.queries.baskets import Basket
from orders.refusals.exceptions import NotANewPurchase, NothingDelivered
from orders.services import (
    changing,
    exceptions,
    paying,
    purchasing,
    refunding,
    renewing,
    unsubscribing,
    writing,
)
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound, NotPermitted
from resources.models import CloudResource
from tests.goods import LONG_AGO, grant_budget
from tests.orders.steps import Shop, at

from .conftest import ISSUE, Books
from .files import written

NOVEMBER = BillingCycle(2026, 11)
DECEMBER = BillingCycle(2026, 12)
YEAR = Validity(date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture
def olga(books: Books, monkeypatch):
    """The operator, on November 5."""
    monkeypatch.setattr(clock, "now", lambda: ISSUE)
    return books.cast.actor(books.cast.olga)


def _wish(**more) -> services.Wish:
    start = {
        "name": "Welcome",
        "source": CouponSource.BENEFIT,
        "face_value": Decimal("100.00"),
        "validity": YEAR,
    }
    return services.Wish(**start | more)


@pytest.mark.requirement("05-CPR-01", "05-CPR-02", "05-CPR-05")
def test_a_coupon_is_issued_once_and_revoked_once(olga, books: Books) -> None:
    cast, ecs = books.cast, books.goods.host_by_use.service_type
    partner = cast.tidemark.pk
    wrong = [
        (refusals.NotAPayer, cast.lagoon.pk, {}),
        (refusals.NotAPayer, cast.harborline.pk, {}),
        (refusals.NotACustomer, partner, {"customer": cast.quarry.pk}),
        (refusals.NotAReseller, partner, {"reseller": cast.lagoon.pk}),
        (refusals.WrongCoupon, partner, {"face_value": Decimal(0)}),
        (refusals.WrongCoupon, partner, {"name": "  "}),
        (refusals.WrongCoupon, partner, {"applicable": [ecs], "excluded": [ecs]}),
        (refusals.WrongCoupon, cast.meridian.pk, {"customer": 1, "reseller": 1}),
        (
            refusals.EndsBeforeItBegins,
            partner,
            {"validity": Validity(date(2026, 12, 2), date(2026, 12, 1))},
        ),
        (
            refusals.OverAlready,
            partner,
            {"validity": Validity(date(2026, 1, 1), date(2026, 11, 4))},
        ),
    ]
    for kind, account, more in wrong:
        with pytest.raises(kind):
            services.issue(olga, partner=account, wish=_wish(**more), request_id=uuid4())
    with pytest.raises(NotPermitted):
        services.issue(cast.actor(cast.mara), partner=partner, wish=_wish(), request_id=uuid4())
    assert not Coupon.objects.exists()

    request = uuid4()
    poc = _wish(source=CouponSource.POC, excluded=[ecs], customer=cast.delta.pk, remarks="PoC")
    coupon = services.issue(olga, partner=partner, wish=poc, request_id=request)
    assert services.issue(olga, partner=partner, wish=poc, request_id=request).pk == coupon.pk
    assert (coupon.kind, coupon.balance) == ("test", 100)
    assert coupon.ends_at == at("2027-01-01 00:00")
    for_reseller = _wish(reseller=cast.lagoon.pk)
    services.issue(olga, partner=cast.meridian.pk, wish=for_reseller, request_id=uuid4())
    services.revoke(olga, coupon.pk, reason="Issued by mistake")
    with pytest.raises(refusals.CouponRevoked):
        services.revoke(olga, coupon.pk, reason="x")
    with pytest.raises(NotFound):
        services.revoke(olga, 0, reason="x")
    entries = list(
        coupon.entries.order_by("pk").values_list("move", "amount", "balance", "remarks")
    )
    assert entries == [
        ("issued", 100, 100, "PoC"),
        ("revoked", -100, 0, "Issued by mistake"),
    ]
    done = OperationRecord.objects.filter(action__startswith="billing.coupon.", account=partner)
    assert set(done.values_list("action", flat=True)) == {
        "billing.coupon.issued",
        "billing.coupon.revoked",
    }


@pytest.mark.requirement("05-CPR-04", "05-CPR-05", "05-CPR-07", "05-CPR-08", "05-BIL-12")
def test_a_coupon_pays_only_what_it_applies_to(books: Books) -> None:
    hosts, disks = books.goods.host_by_use, books.goods.disk_by_use
    late = books.coupon("7", ends_at=at("2026-10-20 00:00"))
    modes = books.coupon("1", modes=["period"])
    excluding = books.coupon("100")
    excluding.excluded.add(disks.service_type)
    only = books.coupon("0.00000001")
    only.applicable.add(disks.service_type)
    books.post(
        books.charge("5", product=hosts, day="2026-10-19"),
        books.charge("9.123456789", product=hosts, day="2026-10-21"),
        books.charge("3", product=disks, day="2026-10-21"),
        books.charge("4", product=books.goods.host_by_term, order_no="CS1", hour=13),
        books.charge("-2", product=hosts, bill_type="refund"),
    )
    books.run()
    lines = BillLine.objects.order_by("record_id").values_list("coupons", flat=True)
    assert list(lines) == [5, Decimal("9.12345678"), Decimal("0.00000001"), 4, 0]
    left = {row.pk: row.balance for row in Coupon.objects.all()}
    assert left == {
        # It is the first to expire, so it goes before the others, as far as it reaches.
        late.pk: 0,
        modes.pk: 0 if left[modes.pk] == 0 else 1,
        excluding.pk: Decimal(100) - Decimal("9.12345678") - (1 if left[modes.pk] == 0 else 2),
        only.pk: 0,
    }


def _small(shop: Shop) -> Product:
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


def _line(order: CustomerOrder, number: int = 1) -> BillLine:
    charge = Charge.objects.get(order_no=order.order_no, record__key=f"{order.order_no}-{number}")
    return BillLine.objects.get(cycle=charge.cycle, record_id=charge.pk)


@pytest.mark.requirement("05-CPR-06", "06-DCP-01", "05-CPR-03", "05-BFD-02", "06-DBF-06")
def test_coupons_return_in_three_cases_only(books: Books, monkeypatch) -> None:
    shop = Shop(books.cast, books.goods, monkeypatch)
    grant_budget(books.cast.harborline)
    host = shop.goods.host_by_term
    # It pays the first purchase and is over before that is unsubscribed.
    short = books.coupon("50", ends_at=at("2026-11-01 00:00"))
    coupon = books.coupon("1000")

    shop.clock("2026-10-20 10:00")
    basket = Basket((shop.line(host, period="month", periods=1),))
    failed = paying.pay(shop.customer, purchasing.place(shop.customer, basket).pk, "")
    shop.clock("2026-10-20 11:00")
    both = Basket(tuple(shop.line(host, period="month", periods=1, name=n) for n in ("a", "b")))
    pair = paying.pay(shop.customer, purchasing.place(shop.customer, both).pk, "")
    ordinary, renewed, mixed, cheaper, coming = (shop.buy(host) for _number in range(5))
    renewing.renew(shop.customer, [renewed.pk, mixed.pk], "month", 1, pay_now=True)
    books.run()
    assert books.bill().coupons == 50 * 10
    spent = (
        short.face_value + coupon.face_value - sum(Coupon.objects.values_list("balance", flat=True))
    )
    assert spent == 500

    shop.clock("2026-11-05 10:00")  # 15 of 31 days are unused: 24.19
    small = _small(shop)
    # As if its order took effect on December 1 only.
    starts = at("2026-12-01 00:00")
    OrderItem.objects.filter(order__order_no=coming.order_no).update(
        effective_at=starts, expires_at=at("2027-01-01 00:00")
    )
    CloudResource.objects.filter(pk=coming.pk).update(
        effective_at=starts, expires_at=at("2027-01-01 00:00")
    )
    olga = books.cast.actor(books.cast.olga)
    with pytest.raises(NotPermitted):
        exceptions.unsubscribe(shop.customer, failed.pk, reason="x")
    (by_exception,) = exceptions.unsubscribe(olga, failed.pk, reason="No capacity")
    of_pair = exceptions.unsubscribe(olga, pair.pk, reason="No capacity")
    with pytest.raises(NotANewPurchase):
        exceptions.unsubscribe(olga, failed.pk, reason="again")
    with pytest.raises(NotFound):
        exceptions.unsubscribe(olga, 0, reason="x")
    changed = changing.change(shop.customer, cheaper.pk, small.pk)
    backs = [
        unsubscribing.unsubscribe(shop.customer, [row.pk], "5", "", renewal_only).orders[0]
        for row, renewal_only in (
            (ordinary, False),
            (renewed, True),
            (mixed, False),
            (cheaper, False),
            (coming, False),
        )
    ]
    assert (by_exception.reason, by_exception.source, by_exception.by_exception) == (
        "No capacity",
        "system",
        True,
    )
    books.run(NOVEMBER, ISSUE + timedelta(days=31))

    part = Decimal("24.19")
    gone, renewal, both_terms, rest, early = backs
    seen = {
        "exception": (_line(by_exception), -part, True),
        "pair a": (_line(of_pair[0]), -part, True),
        "pair b": (_line(of_pair[1]), -part, True),
        "ordinary": (_line(gone), -part, False),
        "renewal": (_line(renewal), -50, True),
        "begun term": (_line(both_terms, 1), -part, False),
        "its renewal": (_line(both_terms, 2), -50, True),
        "not begun": (_line(early), -50, True),
    }
    for name, (line, amount, returns) in seen.items():
        assert (line.settled, line.coupons, line.returns_coupons) == (amount, amount, returns), name
    # Column 42 of the file says so of every refund; column 41 what should return.
    file = written(DETAILS, books.cast.actor(books.cast.mara), {"cycle": str(NOVEMBER)})
    told = [
        (row["Payment (USD)"], row["Coupons Used (USD)"], row["Whether to Refund Coupons"])
        for row in file
        if row["Bill Type"] == "Refund"
    ]
    assert {(-part, -part, "Yes"), (-part, -part, "No"), (Decimal(-50), Decimal(-50), "Yes")} <= (
        set(told)
    )
    assert [back for *_amounts, back in told].count("Yes") == 6
    assert all("Whether to Refund Coupons" not in r for r in file if r["Bill Type"] != "Refund")
    # What was made cheaper gives nothing back in money that coupons had paid, however often.
    lowered = [_line(changed), *(_line(rest, number) for number in (1, 2))]
    assert [line.returns_coupons for line in lowered] == [False, False, False]
    assert all(line.coupons == line.settled for line in lowered)
    assert books.bill(cycle=NOVEMBER).amount_due == 0
    short.refresh_from_db()
    coupon.refresh_from_db()
    # What returns goes to the coupon that paid, though it is over by now; no more than it had paid.
    assert short.balance == part
    assert coupon.balance == 1000 - 450 + 2 * part + 150
    back = CouponUse.objects.filter(bill=books.bill(cycle=NOVEMBER))
    assert sum(use.amount for use in back) == -(3 * part + 150)
    assert set(back.values_list("gives_back", flat=True)) <= set(
        CouponUse.objects.filter(gives_back=None).values_list("record_id", flat=True)
    )
    entry = CouponEntry.objects.get(coupon=short, move=CouponMove.RETURNED)
    assert (entry.amount, entry.balance) == (part, part)
    states = dict(
        queries.list_coupons(books.cast.actor(books.cast.mara)).values_list("pk", "state")
    )
    assert states == {short.pk: "Invalid", coupon.pk: "Available"}

    # The same line given back again and again: no more returns than was paid.
    moment = shop.clock("2026-12-05 10:00")
    item = OrderItem.objects.select_related("order", "product", "lowers").get(order=failed)
    for _time in range(3):
        worth = refunding.paid(item)
        line = writing.Line(
            item.product,
            item.region,
            -worth.listed,
            gives_back=item,
            effective_at=moment,
            expires_at=moment,
        )
        head = writing.Head(gone.order_type, moment, by_exception=True)
        refunding.close(shop.customer, head, [line], {1: item})
    books.run(DECEMBER, ISSUE + timedelta(days=62))
    short.refresh_from_db()
    assert short.balance == 50
    CustomerOrder.objects.filter(pk=failed.pk).update(status="completed")
    with pytest.raises(NothingDelivered):
        exceptions.unsubscribe(olga, failed.pk, reason="x")


@pytest.mark.requirement(
    "05-CPV-01", "05-CPV-02", "05-CPV-03", "05-CPV-04", "05-CPV-05", "05-CPV-06", "05-BIL-11",
    "05-CPN-02", "05-CPN-04", "06-DCP-02", "06-DCP-03", "04-CUD-05", "06-DCU-12", "05-CNV-02",
)  # fmt: skip
def test_partners_read_their_coupons(books: Books, client) -> None:
    cast, ecs = books.cast, books.goods.host_by_use.service_type
    soon = clock.now() + timedelta(days=3)
    for_delta = books.coupon("20", customer=cast.delta, kind="test", source="poc", ends_at=soon)
    for_all = books.coupon("8", modes=["period", "usage"], remarks="Spring")
    others = [ServiceType.objects.create(code=f"s{n}", name=f"Service {n}") for n in range(3)]
    for_all.excluded.add(*others)
    used = books.coupon("5.005")
    used.applicable.add(ecs)
    foreign = books.coupon("1", account=cast.northgate)
    revoked = books.coupon("3", revoked_at=ISSUE)
    books.post(books.charge("7.5"))
    books.run()
    base = "/sales/financial-information/coupons"
    client.force_login(cast.felix)
    page = client.get(base).content.decode()
    assert all(row.number in page for row in (for_delta, for_all, used, revoked))
    assert foreign.number not in page
    assert "Yearly/Monthly/Pay-per-use" in page and "Inapplicable to Service 0, Service 1…" in page
    assert "View All" in page and "Service 2" in page
    assert "Inapplicable to Marketplace products" in page and "Spring" in page
    assert "D**** F****" in page and "Delta Fisheries" not in page
    shown = {
        state: client.get(f"{base}?status={state}").content.decode()
        for state in ("available", "used", "invalid")
    }
    states = dict(queries.list_coupons(cast.actor(cast.felix)).values_list("pk", "state"))
    for row in (for_delta, for_all, used, revoked):
        inside = [name for name, text in shown.items() if row.number in text]
        assert inside == [states[row.pk].lower()], row.number
    assert states[revoked.pk] == "Invalid"
    harbor = client.get(f"{base}?q=harborline").content.decode()
    assert for_all.number in harbor and for_delta.number not in harbor
    delta = client.get(f"{base}?q=delta").content.decode()
    assert for_all.number in delta and for_delta.number in delta
    assert for_all.number not in client.get(f"{base}?q=quarry").content.decode()

    payer = Coupon.objects.get(pk=for_all.pk if for_all.entries.count() > 1 else used.pk)
    details = client.get(f"{base}/{payer.pk}").content.decode()
    assert "Usage by Bill" in details and "harborline" in details and "2026-10" in details
    assert client.get(f"{base}/{foreign.pk}").status_code == 404
    history = client.get(f"{base}/history").content.decode()
    assert "Used for a bill" in history and foreign.number not in history
    tests = client.get(f"{base}/test").content.decode()
    assert for_delta.number in tests and for_all.number not in tests
    assert "Test Coupon Balance Notification" in tests and 'aria-checked="true"' in tests
    for value in ("0", "0"):
        assert client.post(f"{base}/test/notification", {"is_on": value}).status_code == 302
    assert CouponNotice.objects.get().is_on is False
    assert 'aria-checked="false"' in client.get(f"{base}/test").content.decode()
    assert OperationRecord.objects.filter(action="billing.coupon_notice.set").count() == 1

    client.force_login(cast.mara)
    tie = Association.objects.live().get(customer=cast.delta)
    card = client.get(f"/sales/customers/{tie.pk}").content.decode()
    assert "Cash Coupons (Customer-Specific)" in card
    found = queries.of_customer(cast.actor(cast.mara), tie, clock.now())
    assert (found.available, found.total, found.expiring) == (1, 20, 1)
    for user, status in ((cast.leo, 403), (cast.hana, 404), (cast.jun, 403)):
        client.force_login(user)
        assert client.get(base).status_code == status
        assert client.post(f"{base}/test/notification", {"is_on": "0"}).status_code in (403, 404)
    assert CouponNotice.objects.count() == 1


@pytest.mark.requirement("05-CPN-01", "05-CPN-02", "05-CPN-03", "06-DCP-03")
def test_partners_are_told_before_the_end_of_the_month(books: Books, monkeypatch) -> None:
    cast = books.cast
    books.coupon("6", kind="test", source="poc")
    books.coupon("2.5", customer=cast.delta)
    books.coupon("4", kind="test", source="poc", account=cast.northgate)
    CouponNotice.objects.create(account=cast.northgate, is_on=False, set_at=ISSUE)
    books.post(books.charge("10"), books.charge("3", customer=cast.delta))
    before = dict(Coupon.objects.values_list("pk", "balance"))

    def tell(text: str) -> int:
        moment = at(text)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return coupon_notices.tell_due(moment)

    assert tell("2026-10-23 23:59") == 0
    # The first of two partners fails: the other is told, and the first by the next call.
    books.coupon("1", kind="test", source="poc", account=cast.meridian)
    notify, broken = coupon_notices.notifications.services.notify, [True]

    def fail_once(actor, *, account_id, **values):
        if account_id == cast.tidemark.pk and broken.pop() if broken else False:
            raise ConnectionError
        return notify(actor, account_id=account_id, **values)

    monkeypatch.setattr(coupon_notices.notifications.services, "notify", fail_once)
    with pytest.raises(RuntimeError, match="1 partners"):
        tell("2026-10-24 00:10")
    assert [tell("2026-10-24 01:10"), tell("2026-10-27 12:00")] == [1, 0]
    assert [tell("2026-10-28 00:10"), tell("2026-10-31 23:00"), tell("2026-11-01 00:00")] == [
        2,
        0,
        0,
    ]
    mine = Notice.objects.filter(account=cast.tidemark).order_by("pk")
    assert [notice.key for notice in mine] == ["coupon-usage:2026-10-24", "coupon-usage:2026-10-28"]
    facts = dict(mine[0].facts)
    assert facts["Used of coupons (USD)"] == "8.50"
    assert facts["Of these, test coupons (USD)"] == "6.00"
    assert facts["Left on test coupons (USD)"] == "0.00"
    assert facts["Estimated amount due, tax not included (USD)"] == "4.50"
    assert "delta-fisheries: 2.50" in mine[0].body and "ecosystem manager" in mine[0].body
    assert set(Message.objects.values_list("user__username", flat=True)) >= {"f.cruz"}
    assert (
        dict(Coupon.objects.exclude(account=cast.meridian).values_list("pk", "balance")) == before
    )
    assert not Notice.objects.filter(account=cast.northgate).exists()
