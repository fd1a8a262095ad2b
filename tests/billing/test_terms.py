"""Discounts, taxes, rates and adjustments that the operator keeps, and what partners see of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import OperationRecord
from billing import refusals
from billing.choices import TaxKind
from billing.models import (
    Adjustment,
    BillLine,
    BillSum,
    CommercialDiscount,
    DiscountTerm,
    ExchangeRate,
    MarketplaceDiscount,
    TaxRule,
)
from billing.queries import taxes, terms
from billing.rules.taxes import Rule, spans, with_state
from billing.rules.terms import TermError, due_days, last_second, read_terms
from billing.services import adjusting, rates
from billing.services import terms as services
from billing.services.terms import Validity
from catalog.models import Product, ServiceType
from metering.models import Charge, UsageRecord
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound, NotPermitted, Refusal

from .conftest import ISSUE, Books

#: November 5, noon in GMT+08:00: October is billed by then.
NOW = ISSUE + timedelta(hours=12)
NOVEMBER = Validity(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def olga(books: Books, monkeypatch):
    """The operator, after the run of November 5."""
    books.post("100")
    books.run()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return books.cast.actor(books.cast.olga)


def _refused(kind: type[Refusal], call, /, *args, **values) -> Refusal:
    with pytest.raises(kind) as found:
        call(*args, **values)
    return found.value


@pytest.mark.requirement("05-CDC-04")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at least one"),
        ("all 25%", "write it as"),
        ("all: 100.1%", "between 0 and 100"),
        ("all: 5", "fixed unit price"),
        ("service: 5%", "begins with"),
        ("all x: 5%", "begins with"),
        ("product A: 0.00000000001", "at most 10 decimals"),
        ("all: 1.00001%", "at most 4 decimals"),
        ("all: NaN%", "between 0 and 100"),
        ("all: x%", "is no number"),
        ("all: 5%\n\nall: 6%", "Line 3"),
    ],
)
def test_terms_are_read_or_say_why_not(text, why) -> None:
    with pytest.raises(TermError, match=why):
        read_terms(text)


@pytest.mark.requirement("05-CDC-04", "05-CPN-01", "05-BIL-05")
def test_what_days_and_lines_mean() -> None:
    read = read_terms("all: 25%\nservice hws.service.type.ebs: 30.5%\nProduct A B: 0.08")
    assert [str(term) for term in read] == [
        "all: 25%",
        "service hws.service.type.ebs: 30.5%",
        "product A B: 0.08",
    ]
    assert due_days(date(2026, 10, 31)) == (date(2026, 10, 24), date(2026, 10, 28))
    assert due_days(date(2026, 2, 28)) == (date(2026, 2, 21), date(2026, 2, 25))
    assert last_second(NOVEMBER.columns["ends_at"]) == datetime(
        2026, 11, 30, 15, 59, 59, tzinfo=UTC
    )
    vat, cgst = (
        Rule(TaxKind(k), Decimal(p), date(y, 1, 1))
        for k, p, y in (("vat", 12, 2020), ("cgst", 9, 2027))
    )
    found = spans(with_state([vat], [cgst]))
    assert [span.taxes for span in found] == [
        [],
        [(TaxKind.VAT, Decimal(12))],
        [(TaxKind.CGST, Decimal(9))],
    ]


@pytest.mark.requirement("05-CDC-04", "05-CDC-05")
def test_a_discount_is_granted_changed_and_canceled(olga, books: Books, monkeypatch) -> None:
    tidemark, host = books.cast.tidemark, books.goods.host_by_use
    later = Validity(date(2026, 11, 10), date(2026, 12, 31))
    grant = {"partner": tidemark.pk, "customer": None, "validity": NOVEMBER}
    wrong = [
        (refusals.NotAPayer, {"partner": books.cast.lagoon.pk}, "all: 5%"),
        (refusals.NotACustomer, {"customer": books.cast.quarry.pk}, "all: 5%"),
        (
            refusals.EndsBeforeItBegins,
            {"validity": Validity(date(2026, 11, 9), date(2026, 11, 8))},
            "all: 5%",
        ),
        (
            refusals.OverAlready,
            {"validity": Validity(date(2026, 11, 1), date(2026, 11, 4))},
            "all: 5%",
        ),
        (
            refusals.TermsBackdated,
            {"validity": Validity(date(2026, 10, 31), date(2026, 11, 30))},
            "all: 5%",
        ),
        (
            refusals.TermsBackdated,
            {"validity": Validity(date(2025, 1, 1), date(2026, 11, 30))},
            "all: 5%",
        ),
        (refusals.WrongTerms, {}, "product nothing: 5%"),
        (refusals.NotDiscountable, {}, f"product {books.goods.host_by_term.code}: 0.08"),
    ]
    for kind, more, text in wrong:
        _refused(kind, services.grant, olga, **grant | more, terms=read_terms(text))
    Product.objects.filter(pk=host.pk).update(settlement="none")
    _refused(
        refusals.NotDiscountable,
        services.grant,
        olga,
        **grant,
        terms=read_terms(f"product {host.code}: 5%"),
    )
    Product.objects.filter(pk=host.pk).update(settlement="common")
    _refused(
        NotPermitted,
        services.grant,
        books.cast.actor(books.cast.mara),
        **grant,
        terms=read_terms("all: 5%"),
    )
    assert not CommercialDiscount.objects.exists()

    now = services.grant(olga, **grant, terms=read_terms(f"all: 10%\nproduct {host.code}: 0.08"))
    coming = services.grant(
        olga,
        **grant | {"customer": books.cast.delta.pk, "validity": later},
        terms=read_terms("all: 5%"),
    )
    services.change(olga, coming.pk, validity=later, terms=read_terms("all: 20%"))
    _refused(
        refusals.TermsInEffect,
        services.change,
        olga,
        now.pk,
        validity=later,
        terms=read_terms("all: 1%"),
    )
    _refused(NotFound, services.cancel, olga, 0, reason="x")
    services.cancel(olga, now.pk, reason="Contract ended")
    services.cancel(olga, coming.pk, reason="Contract ended")
    _refused(refusals.TermsAreOver, services.cancel, olga, now.pk, reason="x")
    now.refresh_from_db()
    coming.refresh_from_db()
    assert (now.ends_at, coming.ends_at) == (NOW, coming.starts_at)
    assert DiscountTerm.objects.get(discount=coming).percent == 20
    done = OperationRecord.objects.filter(action__startswith="billing.commercial_discount")
    assert sorted(done.values_list("action", flat=True)) == [
        f"billing.commercial_discount.{word}"
        for word in ("canceled", "canceled", "changed", "granted", "granted")
    ]
    # What was settled until it was canceled stays settled by it: 100 hours at 0.08, disks less 10%.
    hours = {"pricing_total": Decimal(100), "pricing_package": 0, "pricing_reserved": 0}
    disk = books.goods.disk_by_use
    books.post(
        books.charge("10", day="2026-11-03", **hours),
        books.charge("10", day="2026-11-04", product=disk),
        books.charge("10", day="2026-11-20", **hours),
    )
    books.run(BillingCycle(2026, 11), ISSUE + timedelta(days=31))
    lines = BillLine.objects.filter(cycle="2026-11").order_by("charged_at")
    assert [line.settled for line in lines] == [Decimal(8), Decimal(9), Decimal(10)]


@pytest.mark.requirement("05-KGR-02", "05-KGR-06", "05-KGR-07", "05-KGR-11")
def test_koogallery_products_have_discounts_of_their_own(olga, books: Books) -> None:
    shop = ServiceType.objects.create(
        code="hws.service.type.shop", name="Shop", is_marketplace=True
    )
    product = books.goods.traffic
    _refused(
        refusals.NotDiscountable,
        services.grant_marketplace,
        olga,
        partner=books.cast.tidemark.pk,
        seller="Acme",
        product=product,
        percent=Decimal(12),
        validity=NOVEMBER,
    )
    Product.objects.filter(pk=product.pk).update(service_type=shop)
    product.refresh_from_db()
    words = {"seller": "Acme", "product": product, "percent": Decimal(12), "validity": NOVEMBER}
    _refused(
        refusals.NotAPayer,
        services.grant_marketplace,
        olga,
        partner=books.cast.meridian.pk,
        **words,
    )
    _refused(
        refusals.NotDiscountable,
        services.grant,
        olga,
        partner=books.cast.tidemark.pk,
        customer=None,
        validity=NOVEMBER,
        terms=read_terms(f"product {product.code}: 5%"),
    )
    first = services.grant_marketplace(olga, partner=books.cast.tidemark.pk, **words)
    other = services.grant_marketplace(
        olga, partner=books.cast.tidemark.pk, **words | {"percent": Decimal("11.12")}
    )
    services.cancel_marketplace(olga, other.pk, reason="Seller withdrew it")
    books.discount("50")
    coupon, shop_coupon = books.coupon("5"), books.coupon("1", pays_marketplace=True)
    books.post(books.charge("100", day="2026-11-10", product=product))
    books.run(BillingCycle(2026, 11), ISSUE + timedelta(days=31))
    line = BillLine.objects.get(cycle="2026-11")
    assert (line.percent, line.settled, line.coupons) == (Decimal(12), Decimal(88), Decimal(1))
    coupon.refresh_from_db()
    shop_coupon.refresh_from_db()
    assert (coupon.balance, shop_coupon.balance) == (5, 0)
    assert MarketplaceDiscount.objects.get(pk=first.pk).canceled_at is None
    # The partner pays at its settlement price; what the customer uses of its budget is the list price.
    bill = books.bill(cycle=BillingCycle(2026, 11))
    assert (bill.amount_due, bill.list_amount) == (Decimal(87), Decimal(100))


@pytest.mark.requirement("05-BIL-05", "05-BQY-18")
def test_taxes_that_count_are_history_and_rates_are_only_added(olga, books: Books) -> None:
    tax = {"country": "PH", "state": "", "kind": TaxKind.VAT, "percent": Decimal(12)}
    _refused(refusals.TermsBackdated, rates.add_tax, olga, **tax, valid_from=date(2026, 10, 31))
    now = rates.add_tax(olga, **tax, valid_from=date(2026, 11, 1))
    _refused(refusals.RateTaken, rates.add_tax, olga, **tax, valid_from=date(2026, 11, 1))
    coming = rates.add_tax(olga, **tax, valid_from=date(2026, 12, 1))
    rates.change_tax(olga, coming.pk, percent=Decimal(13))
    _refused(refusals.DayHasCome, rates.change_tax, olga, now.pk, percent=Decimal(1))
    _refused(refusals.DayHasCome, rates.withdraw_tax, olga, now.pk)
    rates.withdraw_tax(olga, coming.pk)
    assert list(TaxRule.objects.values_list("percent", "valid_from")) == [(12, date(2026, 11, 1))]
    # A state's own rules count from their first day on; until then those of the country.
    tidemark = books.cast.tidemark
    tidemark.state = "Cebu"
    rates.add_tax(
        olga, **tax | {"state": "Cebu", "percent": Decimal(7)}, valid_from=date(2026, 12, 1)
    )
    found = taxes.rules_of(tidemark)
    assert [(rule.percent, rule.valid_from) for rule in found] == [
        (12, date(2026, 11, 1)),
        (7, date(2026, 12, 1)),
    ]
    rate = {"currency": "HKD", "rate": Decimal("7.7565")}
    rates.add_rate(olga, **rate, valid_from=date(2026, 11, 4))
    _refused(refusals.RateTaken, rates.add_rate, olga, **rate, valid_from=date(2026, 11, 4))
    _refused(refusals.RateBackdated, rates.add_rate, olga, **rate, valid_from=date(2026, 11, 3))
    rates.add_rate(olga, **rate, valid_from=date(2026, 12, 1))
    assert ExchangeRate.objects.count() == 2
    _refused(
        NotPermitted,
        rates.add_rate,
        books.cast.actor(books.cast.mara),
        **rate,
        valid_from=date(2027, 1, 1),
    )


@pytest.mark.requirement("05-BIL-20", "05-CPR-08")
def test_an_adjustment_goes_into_an_open_cycle_and_names_what_it_corrects(
    olga, books: Books
) -> None:
    charge = Charge.objects.get()
    wish = adjusting.Wish(
        customer=books.cast.harborline.pk,
        product=charge.product,
        region=None,
        cycle="2026-11",
        amount=Decimal("-37.9425"),
        reason="Outage of October 10",
        corrects=str(charge.pk),
    )
    wrong = [
        (refusals.CycleIsBilled, {"cycle": "2026-10"}),
        (refusals.CycleNotBegun, {"cycle": "2026-12"}),
        (refusals.CycleNotBegun, {"cycle": "11/2026"}),
        (refusals.NothingToAdjust, {"amount": Decimal(0)}),
        (refusals.NothingToCorrect, {"corrects": "12345678"}),
        (refusals.NothingToCorrect, {"product": books.goods.disk_by_use}),
        (refusals.NothingToCorrect, {"customer": books.cast.delta.pk}),
        (refusals.NobodyPays, {"customer": books.cast.meridian.pk, "corrects": ""}),
    ]
    for kind, more in wrong:
        _refused(
            kind, adjusting.post, olga, wish=adjusting.Wish(**vars(wish) | more), request_id=uuid4()
        )
    mara = books.cast.actor(books.cast.mara)
    _refused(NotPermitted, adjusting.post, mara, wish=wish, request_id=uuid4())
    assert not Adjustment.objects.exists() and UsageRecord.objects.count() == 1

    request = uuid4()
    posted = adjusting.post(olga, wish=wish, request_id=request)
    assert adjusting.post(olga, wish=wish, request_id=request).pk == posted.pk
    adjusted = Charge.objects.get(cycle="2026-11")
    assert (adjusted.bill_type, adjusted.list_amount, adjusted.partner_id) == (
        "adjustment",
        Decimal("-37.9425"),
        books.cast.tidemark.pk,
    )
    assert (adjusted.reason, adjusted.original_order_no) == (wish.reason, str(charge.pk))
    assert posted.account == books.cast.tidemark
    # It is settled as it is: no discount, no coupon.
    books.discount("50")
    books.coupon("10")
    outcome = books.run(BillingCycle(2026, 11), ISSUE + timedelta(days=31))
    assert outcome.issued == 1
    bill = books.bill(cycle=BillingCycle(2026, 11))
    assert (bill.adjustments, bill.coupons) == (Decimal("-37.9425"), 0)
    assert BillSum.objects.get(bill=bill).bill_type == "adjustment"


@pytest.mark.requirement("05-CDC-01", "05-CDC-02", "05-CDC-03", "06-DCD-01", "05-CNV-02")
def test_partners_read_their_discounts(books: Books, client) -> None:
    own = books.discount("25", customer=books.cast.harborline)
    DiscountTerm.objects.create(
        discount=own, product=books.goods.host_by_use, unit_price=Decimal("0.08")
    )
    books.discount("10", ends_at=ISSUE - timedelta(days=100))
    other = books.discount("10", partner=books.cast.northgate)
    base = "/sales/financial-information/contracts-and-commerce"
    client.force_login(books.cast.felix)
    page = client.get(base).content.decode()
    assert own.number in page and other.number not in page
    assert "Customer-level" in page and "Partner-level" in page and "Expired" in page
    assert "KooGallery" in page and "Harborline</" not in page
    found = client.get(f"{base}?q=harbor").content.decode()
    assert own.number in found and "Partner-level" not in found
    details = client.get(f"{base}/{own.pk}").content.decode()
    assert "25.00% off" in details and "0.08" in details and books.goods.disk_by_use.name in details
    assert "/sales/customers/" in details
    assert client.get(f"{base}/{other.pk}").status_code == 404
    shop = ServiceType.objects.create(code="shop", name="Shop", is_marketplace=True)
    Product.objects.filter(pk=books.goods.traffic.pk).update(service_type=shop)
    for number, more in (("KGD1", {}), ("KGD2", {"canceled_at": ISSUE - timedelta(days=9)})):
        MarketplaceDiscount.objects.create(
            account=books.cast.tidemark,
            number=number,
            seller="Acme",
            product=books.goods.traffic,
            percent=Decimal("11.12"),
            starts_at=ISSUE - timedelta(days=90),
            ends_at=ISSUE + timedelta(days=900),
            **more,
        )
    effective = client.get(f"{base}/koogallery").content.decode()
    expired = client.get(f"{base}/koogallery?view=expired").content.decode()
    assert "KGD1" in effective and "KGD2" not in effective and "11.12% off" in effective
    assert "KGD2" in expired and "KGD1" not in expired and "Canceled" in expired
    assert "Common products" in effective
    for user, status in ((books.cast.leo, 403), (books.cast.hana, 404), (books.cast.jun, 403)):
        client.force_login(user)
        assert client.get(base).status_code == status
    client.force_login(books.cast.dina)
    assert client.get(base).status_code == 200
    assert client.get(f"{base}/koogallery").status_code == 403
    covered = terms.covered(books.cast.actor(books.cast.mara), own.pk)
    assert covered.get(pk=books.goods.host_by_use.pk).fixed == Decimal("0.08")
    assert covered.get(pk=books.goods.disk_by_use.pk).percent == 25
