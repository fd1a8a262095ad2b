"""Paid order lines become charges, exactly once, with their roll-ups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from metering.choices import RecordKind
from metering.models import Charge, ClosedCycle, DailySpend, MonthlySpend, UsageRecord
from metering.refusals import OtherContent
from metering.services.ordering import OrderLine, charge_orders
from metering.signals import spend_changed
from partner_center import clock

from ..cast import Cast
from ..goods import stock


def _line(cast: Cast, **changes: object) -> OrderLine:
    goods = stock() if not changes.get("product_id") else None
    paid = clock.now()
    line = OrderLine(
        key="CS1-1",
        customer_id=cast.harborline.pk,
        product_id=goods.host_by_term.pk if goods else 0,
        region_id=goods.region.pk if goods else None,
        resource_id="host-1",
        resource_name="web-1",
        kind=RecordKind.PURCHASE,
        order_no="CS1",
        original_order_no="",
        order_type="new",
        period="month",
        period_count=2,
        quantity=1,
        reserved_hours=None,
        size=None,
        list_amount=Decimal("100.00"),
        discount_amount=Decimal("10.00"),
        started_at=paid,
        ended_at=paid + timedelta(days=61),
        paid_at=paid,
        reason="",
    )
    return replace(line, **changes)


@pytest.mark.requirement("05-BFD-02")
def test_a_paid_line_is_charged_once_with_its_terms(cast: Cast) -> None:
    line = _line(cast)
    told: list[tuple[str, frozenset[int]]] = []

    def listen(sender: object, cycle: str, customer_ids: frozenset[int], **_more: object) -> None:
        told.append((cycle, customer_ids))

    spend_changed.connect(listen)
    charge_orders([line], line.paid_at)
    charge_orders([replace(line, list_amount=Decimal("100"))], line.paid_at)
    charge = Charge.objects.get()
    record = UsageRecord.objects.get()
    assert charge.pk == record.pk
    assert (charge.order_no, charge.order_type, charge.period) == ("CS1", "new", "month")
    assert (charge.period_count, charge.quantity, charge.bill_type) == (2, 1, "expenditure")
    assert (charge.list_amount, charge.discount_amount) == (Decimal(100), Decimal(10))
    assert (charge.partner_id, charge.model) == (cast.tidemark.pk, "reseller")
    assert charge.mode == "period"
    cycle = str(clock.BillingCycle.of(line.paid_at))
    assert told == [(cycle, frozenset({cast.harborline.pk}))]
    for spend in (DailySpend.objects.get(), MonthlySpend.objects.get()):
        assert (spend.list_amount, spend.charges, spend.partner_id) == (100, 1, cast.tidemark.pk)


def test_the_same_key_with_other_content_is_refused(cast: Cast) -> None:
    line = _line(cast)
    charge_orders([line], line.paid_at)
    with pytest.raises(OtherContent):
        charge_orders([replace(line, list_amount=Decimal("99.00"))], line.paid_at)


@pytest.mark.requirement("05-CNV-03")
def test_a_refund_and_a_line_of_nobody_and_of_a_closed_cycle(cast: Cast) -> None:
    paid = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)  # 00:30 on 1 February GMT+08:00
    line = _line(
        cast, paid_at=paid, started_at=paid, kind=RecordKind.REFUND, list_amount=Decimal("-5.55")
    )
    charge_orders([line], clock.now())
    charge = Charge.objects.get()
    assert (charge.cycle, str(charge.spent_on)) == ("2026-02", "2026-02-01")
    assert (charge.bill_type, charge.partner_id, charge.model) == ("refund", None, "")
    assert MonthlySpend.objects.get().list_amount == Decimal("-5.55")

    ClosedCycle.objects.create(cycle="2026-02", closed_at=clock.now())
    charge_orders([replace(line, key="CS1-2")], datetime(2026, 3, 5, tzinfo=UTC))
    late = Charge.objects.get(origin_cycle="2026-02")
    assert (late.cycle, late.bill_type, str(late.spent_on)) == (
        "2026-03",
        "adjustment",
        "2026-03-05",
    )
