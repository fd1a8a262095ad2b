"""Rows by the thousand, for tests of list pages: what the operator granted Tidemark, and its use."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from billing.models import (
    Bill,
    CommercialDiscount,
    Coupon,
    CouponEntry,
    CouponUse,
    DiscountTerm,
    MarketplaceDiscount,
)
from catalog.models import Product
from partner_center import clock
from tests.cast import Cast
from tests.goods import stock
from tests.metering import ledger

_numbers = itertools.count(1)
_ZERO = Decimal(0)


def _span() -> dict[str, Any]:
    now = clock.now()
    return {"starts_at": now - timedelta(days=9), "ends_at": now + timedelta(days=99)}


def discounts(cast: Cast, count: int) -> None:
    """For Delta, with one term each."""
    rows = CommercialDiscount.objects.bulk_create(
        CommercialDiscount(
            account=cast.tidemark,
            customer=cast.delta,
            number=f"D{next(_numbers)}",
            created_at=clock.now(),
            **_span(),
        )
        for _ in range(count)
    )
    DiscountTerm.objects.bulk_create(DiscountTerm(discount=row, percent=5) for row in rows)


def discount(cast: Cast) -> CommercialDiscount:
    """One discount of Tidemark's for Delta, of everything."""
    if not CommercialDiscount.objects.filter(account=cast.tidemark).exists():
        discounts(cast, 1)
    return CommercialDiscount.objects.filter(account=cast.tidemark).earliest("pk")


def products(cast: Cast, count: int) -> None:
    """Common products, which :func:`discount` covers."""
    like = Product.objects.filter(mode="usage").first() or stock().host_by_use
    Product.objects.bulk_create(
        Product(
            code=f"common-{next(_numbers)}",
            name="Common product",
            service_type_id=like.service_type_id,
            resource_type_id=like.resource_type_id,
            mode="period",
        )
        for _ in range(count)
    )


def marketplace_discounts(cast: Cast, count: int) -> None:
    """For one product."""
    product = Product.objects.first() or stock().traffic
    MarketplaceDiscount.objects.bulk_create(
        MarketplaceDiscount(
            account=cast.tidemark,
            number=f"K{next(_numbers)}",
            seller="Acme",
            product=product,
            percent=5,
            **_span(),
        )
        for _ in range(count)
    )


def coupons(cast: Cast, count: int, kind: str = "test") -> None:
    """For Delta."""
    Coupon.objects.bulk_create(
        Coupon(
            account=cast.tidemark,
            customer=cast.delta,
            number=f"C{next(_numbers)}",
            name="Coupon",
            kind=kind,
            source="poc",
            face_value=5,
            balance=5,
            issued_at=clock.now(),
            **_span(),
        )
        for _ in range(count)
    )


def coupon(cast: Cast) -> Coupon:
    """One coupon of Tidemark's for Delta."""
    if not Coupon.objects.filter(account=cast.tidemark).exists():
        coupons(cast, 1)
    return Coupon.objects.filter(account=cast.tidemark).earliest("pk")


def entries(cast: Cast, count: int) -> None:
    """Of one coupon, by one bill."""
    found, bill = coupon(cast), _bill(cast)
    CouponEntry.objects.bulk_create(
        CouponEntry(
            account=cast.tidemark,
            coupon=found,
            bill=bill,
            move="used",
            amount=-1,
            balance=1,
            at=clock.now(),
        )
        for _ in range(count)
    )


def uses(cast: Cast, count: int) -> None:
    """Of one coupon, by one bill: a charge of Harborline each."""
    found, bill = coupon(cast), _bill(cast)
    product = Product.objects.filter(mode="usage").first() or stock().host_by_use
    charges = ledger.post(
        ledger.Line(cast.harborline, product, "1", clock.now()) for _ in range(count)
    )
    CouponUse.objects.bulk_create(
        CouponUse(coupon=found, bill=bill, cycle=row.cycle, record_id=row.pk, amount=1)
        for row in charges
    )


def _bill(cast: Cast) -> Bill:
    """A bill of Tidemark's, with nothing on it."""
    amounts = ("list_amount", "expenditures", "refunds", "adjustments", "coupons", "tax")
    totals = ("exact_total", "total", "amount_due", "currency_amount")
    now = clock.now()
    return Bill.objects.get_or_create(
        account=cast.tidemark,
        cycle="2020-01",
        defaults={
            "number": "PB1",
            "lines": 0,
            "issued_at": now,
            "due_at": now,
            **dict.fromkeys((*amounts, *totals), _ZERO),
        },
    )[0]
