"""The run of the 5th: what is on a bill, exactly, and that nothing is done twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AccountCurrency
from billing.choices import BillState, PartState, RunState, TaxKind
from billing.models import (
    Bill,
    BillAccount,
    BillLine,
    BillRun,
    BillSum,
    CouponUse,
    EstimateSum,
    ExchangeRate,
    Invoice,
    RunPart,
    SettledCharge,
    TaxRule,
)
from billing.services import estimating, staging
from metering.refusals import CycleNotOver
from partner_center.clock import BillingCycle
from tests.metering.ledger import at

from .conftest import ISSUE, LONG_AGO, OCTOBER, Books


@pytest.mark.requirement("05-BIL-04", "05-BIL-08", "05-BIL-09", "05-BIL-18", "05-BIL-19")
def test_only_the_total_is_rounded(books: Books) -> None:
    books.post(
        books.charge("8083.8494925"),
        books.charge("-853.8495", bill_type="refund"),
        books.charge("-37.9425", bill_type="adjustment"),
    )
    books.run()
    bill = books.bill()
    assert (bill.expenditures, bill.refunds, bill.adjustments) == (
        Decimal("8083.8494925"),
        Decimal("-853.8495"),
        Decimal("-37.9425"),
    )
    assert bill.exact_total == Decimal("7192.0574925")
    assert bill.total == bill.amount_due == Decimal("7192.06")


@pytest.mark.requirement("05-BIL-06", "05-BIL-07", "05-BIL-08", "05-BIL-21", "06-DBL-04")
@pytest.mark.parametrize(
    ("cycle", "settled", "total"),
    [
        ("2021-05", "3.69", "3.69"),
        ("2021-06", "3.72", "3.72"),
        ("2021-07", "3.72", "3.72"),
        ("2021-08", "3.708", "3.71"),
    ],
)
def test_each_regime_rounds_in_its_way(books: Books, cycle, settled, total) -> None:
    books.post(*(books.charge("1.236", day=f"{cycle}-10", hour=hour) for hour in (1, 2, 3)))
    books.run(BillingCycle.parse(cycle))
    bill = books.bill(cycle=BillingCycle.parse(cycle))
    assert (bill.settlement, bill.total) == (Decimal(settled), Decimal(total))


@pytest.mark.requirement("05-BIL-21")
@pytest.mark.parametrize("cycle", ["2021-05", "2021-06"])
def test_orders_are_never_cut(books: Books, cycle) -> None:
    books.post(
        books.charge("1.236", day=f"{cycle}-10", product=books.goods.host_by_term, order_no="CS1")
    )
    books.run(BillingCycle.parse(cycle))
    assert books.bill(cycle=BillingCycle.parse(cycle)).settlement == Decimal("1.236")


@pytest.mark.requirement("05-CDC-04", "05-CDC-05", "05-BFD-03")
def test_discount_of_the_customer_goes_before_that_of_the_partner(books: Books) -> None:
    books.discount("25")
    books.discount("40.5", customer=books.cast.delta)
    books.post(books.charge("1000"), books.charge("0.01", customer=books.cast.delta))
    books.run()
    lines = {line.customer_id: line for line in BillLine.objects.all()}
    common, special = lines[books.cast.harborline.pk], lines[books.cast.delta.pk]
    assert (common.settlement, common.settled) == ("common", Decimal(750))
    assert (special.settlement, special.settled) == ("special", Decimal("0.00595"))


@pytest.mark.requirement("05-BIL-05", "05-BIL-08")
def test_taxes_of_the_country_are_added_exactly(books: Books) -> None:
    country = str(books.cast.tidemark.service_country or books.cast.tidemark.country)
    for kind, percent in ((TaxKind.CGST, "9"), (TaxKind.SGST, "9.125")):
        TaxRule.objects.create(
            country=country, kind=kind, percent=Decimal(percent), valid_from=date(2020, 1, 1)
        )
    books.post("13.39290295079")
    books.run()
    bill = books.bill()
    assert bill.tax == Decimal("13.39290295079") * Decimal("0.18125")
    assert {tax.kind: tax.amount for tax in bill.taxes.all()} == {
        "cgst": Decimal("13.39290295079") * Decimal("0.09"),
        "sgst": Decimal("13.39290295079") * Decimal("0.09125"),
    }


@pytest.mark.requirement("05-CPR-03", "05-CPR-04", "05-CPR-08", "05-BIL-12")
def test_coupons_walk_through_the_transactions(books: Books) -> None:
    general = books.coupon("10")
    special = books.coupon("2.5", customer=books.cast.delta)
    books.post(
        books.charge("4.0000000012", hour=1),
        books.charge("3", hour=2, customer=books.cast.delta),
        books.charge("100", hour=3),
    )
    books.run()
    bill, lines = books.bill(), list(BillLine.objects.order_by("charged_at"))
    assert [line.coupons for line in lines] == [Decimal(4), Decimal(3), Decimal("5.5")]
    assert bill.coupons == Decimal("12.5")
    assert bill.exact_total == Decimal("94.5000000012")
    general.refresh_from_db()
    special.refresh_from_db()
    assert (general.balance, special.balance) == (0, 0)
    assert {(e.coupon_id, e.amount) for e in bill.coupon_entries.all()} == {
        (general.pk, Decimal(-10)),
        (special.pk, Decimal("-2.5")),
    }


@pytest.mark.requirement("05-BQY-09")
def test_a_negative_bill_is_credit_for_the_next(books: Books) -> None:
    books.post(books.charge("-30", bill_type="refund"), books.charge("100", day="2026-11-10"))
    books.run()
    assert (books.bill().total, books.bill().amount_due) == (Decimal(-30), 0)
    november = BillingCycle(2026, 11)
    books.run(november, ISSUE + timedelta(days=31))
    bill = books.bill(cycle=november)
    assert (bill.credit_used, bill.amount_due) == (Decimal(30), Decimal(70))


@pytest.mark.requirement("05-BQY-18")
def test_the_rate_is_kept_with_the_bill(books: Books) -> None:
    for currency, cycle in (("PHP", "2026-09"), ("HKD", "2026-10"), ("USD", "2026-11")):
        AccountCurrency.objects.create(
            account=books.cast.tidemark, currency=currency, from_cycle=cycle, set_at=LONG_AGO
        )
    ExchangeRate.objects.create(
        currency="HKD", valid_from=date(2026, 11, 1), rate=Decimal("7.7565")
    )
    books.post("31.44")
    books.run()
    assert books.bill().currency_amount == Decimal("243.86")


@pytest.mark.requirement("05-REP-01")
def test_a_second_run_changes_nothing(books: Books) -> None:
    books.post("5", "6")
    assert books.run().issued == 1
    before = list(BillLine.objects.values()), list(Bill.objects.values())
    outcome = books.run(moment=ISSUE + timedelta(hours=1))
    assert (outcome.issued, outcome.parked) == (0, 0)
    assert (list(BillLine.objects.values()), list(Bill.objects.values())) == before
    assert BillRun.objects.get().state == RunState.FINISHED
    assert Invoice.objects.get().number == "CSER26000001"


@pytest.mark.requirement("05-REP-01")
def test_who_cannot_be_settled_is_parked_alone(books: Books, monkeypatch) -> None:
    books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    real = staging.stage

    def stage(cycle, wanted, spans) -> dict[int, list[staging.Group]]:
        if any(scope.payer_id == books.cast.tidemark.pk for scope in wanted):
            raise ArithmeticError("numeric field overflow")
        return real(cycle, wanted, spans)

    monkeypatch.setattr(staging, "stage", stage)
    outcome = books.run()
    assert (outcome.issued, outcome.parked) == (1, 1)
    parked = RunPart.objects.get(state=PartState.PARKED)
    assert parked.account == books.cast.tidemark and "overflow" in parked.cause


@pytest.mark.requirement("05-BIL-16")
def test_a_poisoned_partner_is_parked_and_the_others_are_billed(books: Books) -> None:
    lines = books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    tie = lines[0].association
    tie.associated_at = ISSUE
    tie.save()
    outcome = books.run()
    assert (outcome.issued, outcome.parked) == (1, 1)
    parked = RunPart.objects.get(state=PartState.PARKED)
    assert parked.account == books.cast.tidemark and "association" in parked.cause
    assert not Bill.objects.filter(account=books.cast.tidemark).exists()
    assert not BillLine.objects.exclude(bill=books.bill(books.cast.northgate)).exists()
    tie.associated_at = lines[0].started_at
    tie.save()
    assert books.run().issued == 1


@pytest.mark.requirement("06-DBL-01")
@pytest.mark.parametrize("together", [True, False])
def test_a_reseller_that_changed_its_distributor_is_on_both_bills(books: Books, together) -> None:
    """Each distributor pays what was used under it, whether one lot bills both or not."""
    cast, first = books.cast, {"partner_id": books.cast.lagoon.pk}
    books.discount("50", partner=cast.meridian)
    books.post(
        books.charge("8", **first, distributor_id=cast.meridian.pk),
        books.charge("3", customer=cast.quarry, **first, distributor_id=cast.northgate.pk),
    )
    for payer in [None] if together else [cast.meridian.pk, cast.northgate.pk]:
        books.run(account_id=payer)
    assert [books.bill(payer).total for payer in (cast.meridian, cast.northgate)] == [4, 3]
    lines = BillLine.objects.order_by("record_id").values_list("bill__account", "settled")
    assert list(lines) == [(cast.meridian.pk, 4), (cast.northgate.pk, 3)]


@pytest.mark.requirement("05-CPR-03")
def test_partners_of_one_lot_use_their_own_coupons(books: Books) -> None:
    cast = books.cast
    coupons = books.coupon("4"), books.coupon("9", account=cast.northgate)
    books.post(books.charge("5"), books.charge("7", customer=cast.quarry))
    books.run()
    assert [books.bill(who).total for who in (cast.tidemark, cast.northgate)] == [1, 0]
    for coupon in coupons:
        coupon.refresh_from_db()
    assert [coupon.balance for coupon in coupons] == [0, 2]
    uses = CouponUse.objects.values_list("coupon__account", "bill__account", "amount")
    assert set(uses) == {(cast.tidemark.pk,) * 2 + (4,), (cast.northgate.pk,) * 2 + (7,)}


@pytest.mark.requirement("05-BQY-07")
def test_a_cycle_that_is_not_over_is_not_billed(books: Books) -> None:
    books.post("5")
    with pytest.raises(CycleNotOver):
        books.run(moment=ISSUE - timedelta(days=5))


@pytest.mark.requirement("05-BIL-20")
@pytest.mark.parametrize("model", [Bill, BillLine, BillSum])
def test_what_is_issued_never_changes(books: Books, model) -> None:
    books.post("5")
    books.run()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(cycle="2026-09") if model is not BillSum else model.objects.update(
            lines=2
        )


@pytest.mark.requirement("05-BQY-03", "05-BIL-02")
def test_the_bill_waits_to_be_paid_and_has_its_invoice(books: Books) -> None:
    books.post("5")
    books.run()
    state, invoice = BillAccount.objects.get(), Invoice.objects.get()
    assert (state.state, state.left) == (BillState.UNPAID, Decimal(5))
    assert (invoice.bill_id, invoice.amount) == (state.bill_id, Decimal(5))


@pytest.mark.requirement("05-CDC-05")
def test_lines_are_what_the_view_says(books: Books) -> None:
    """Terms overlap, end and begin in the month; the run looks them up by span, the view one by one."""
    goods, rest = books.goods, {"starts_at": at("2026-10-05", 0), "ends_at": at("2026-10-20", 0)}
    books.discount("10")
    books.discount("20", service_type=goods.host_by_use.service_type, **rest)
    books.discount("30", product=goods.host_by_use, ends_at=at("2026-10-12", 0))
    books.discount("33.3333", customer=books.cast.delta, **rest)
    books.discount("", product=goods.traffic, unit_price="0.05")
    books.post(
        *(
            books.charge("1.00000000000000000001", day=f"2026-10-{day:02d}", customer=who)
            for day in range(1, 31, 2)
            for who in (books.cast.harborline, books.cast.delta)
        ),
        books.charge(
            "7", product=goods.traffic, pricing_total=5, pricing_package=1, pricing_reserved=0
        ),
        books.charge("7.25", product=goods.traffic),
        books.charge("7.5", product=goods.traffic, mode="ri_hourly"),
        books.charge("-3", bill_type="adjustment"),
        books.charge("-3", bill_type="adjustment", origin_cycle="2026-08"),
    )
    books.run()
    names = ("record_id", "settlement", "percent", "unit_price", "settled")
    lines = set(BillLine.objects.values_list(*names))
    assert lines == set(SettledCharge.objects.filter(cycle="2026-10").values_list(*names))
    assert {line[2] for line in lines} >= {Decimal(10), Decimal(20), Decimal(30), None}
    # A fixed price without a quantity to count: list price, no discount, and not the next term either.
    without = [line[1:] for line in lines if line[4] in (Decimal("7.25"), Decimal("7.5"))]
    assert without == [("common", None, None, amount) for *_terms, amount in without]
    assert len(without) == 2
    estimating.refresh(OCTOBER, ISSUE)
    assert sum(EstimateSum.objects.values_list("settled", flat=True)) == books.bill().settlement
