"""Whatever is charged under whatever terms: bills keep all their invariants."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.choices import TaxKind
from billing.models import Bill, BillSum, TaxRule
from billing.services import verifying
from metering.rules.sums import exact_sum

from .conftest import OCTOBER, Books

AMOUNTS = st.decimals("-50", "50", places=20) | st.sampled_from([Decimal(0), Decimal("1E-20")])
DAYS = st.integers(1, 31).map(lambda day: f"2026-10-{day:02d}")
SPANS = st.tuples(st.integers(0, 40), st.integers(1, 40)).map(
    lambda pair: {
        "starts_at": OCTOBER.start + timedelta(days=pair[0] - 5, hours=3),
        "ends_at": OCTOBER.start + timedelta(days=pair[0] - 5 + pair[1]),
    }
)
VALUES = st.decimals("0.00000001", "60", places=8)
PERCENTS = st.decimals("0", "100", places=4)


@st.composite
def months(draw: st.DrawFn) -> dict[str, list]:
    """Charges, discounts, coupons and taxes of a month."""
    types = st.sampled_from(["expenditure"] * 4 + ["refund", "adjustment"])
    people = st.sampled_from(["harborline", "delta", "quarry"])
    goods = st.sampled_from(["host_by_use", "disk_by_use", "traffic"])
    return {
        "charges": draw(
            st.lists(st.tuples(AMOUNTS, DAYS, people, goods, types), min_size=1, max_size=12)
        ),
        "discounts": draw(st.lists(st.tuples(PERCENTS, st.booleans(), SPANS), max_size=4)),
        "coupons": draw(
            st.lists(
                st.tuples(st.decimals("0.00000001", "60", places=8), st.booleans(), SPANS),
                max_size=3,
            )
        ),
        "taxes": draw(
            st.lists(st.tuples(st.sampled_from(list(TaxKind)), PERCENTS, DAYS), max_size=3)
        ),
    }


def post(books: Books, month: dict[str, list]) -> None:
    """Enter a month."""
    for percent, is_special, span in month["discounts"]:
        customer = books.cast.delta if is_special else None
        books.discount(str(percent), customer=customer, **span)
    for value, is_special, span in month["coupons"]:
        customer = books.cast.delta if is_special else None
        books.coupon(str(value), customer=customer, **span)
    country = str(books.cast.tidemark.service_country or books.cast.tidemark.country)
    for kind, percent, day in month["taxes"]:
        TaxRule.objects.get_or_create(
            country=country,
            kind=kind,
            valid_from=date.fromisoformat(day),
            defaults={"percent": percent},
        )
    books.post(
        *(
            books.charge(
                str(-abs(amount) if bill_type == "refund" else amount),
                day=day,
                customer=getattr(books.cast, who),
                product=getattr(books.goods, what),
                bill_type=bill_type,
            )
            for amount, day, who, what, bill_type in month["charges"]
        )
    )


@pytest.mark.requirement("05-BIL-04", "05-BIL-08", "05-BIL-19", "05-CPR-08", "05-BIL-16")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(month=months())
def test_random_bills_keep_their_invariants(books: Books, month: dict[str, list]) -> None:
    before = transaction.savepoint()
    post(books, month)
    assert books.run().parked == 0
    assert not [finding for finding in verifying.verify(OCTOBER) if finding.count]
    for bill in Bill.objects.all():
        rows = BillSum.objects.filter(bill=bill)
        assert exact_sum(row.settled for row in rows) == bill.settlement
        assert bill.amount_due >= 0 and bill.coupons <= max(bill.expenditures, Decimal(0))
    transaction.savepoint_rollback(before)
