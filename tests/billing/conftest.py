"""A partner with customers whose October is over, and the bill run of November 5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Account
from accounts.queries.actors import operator_job
from billing.choices import CouponSource
from billing.models import Bill, CommercialDiscount, Coupon, CouponEntry, DiscountTerm
from billing.services import running
from catalog.models import Product
from customers.models import Association
from partner_center.clock import BillingCycle
from tests.cast import Cast
from tests.goods import Goods, stock
from tests.metering.ledger import Line, at, post

LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)
FOR_EVER = datetime(2099, 12, 31, 15, 59, 59, tzinfo=UTC)
OCTOBER = BillingCycle(2026, 10)
#: November 5, 2026, 00:00 in GMT+08:00.
ISSUE = datetime(2026, 11, 4, 16, tzinfo=UTC)


@dataclass
class Books:
    """Charges, terms and runs, in few words."""

    cast: Cast
    goods: Goods

    def charge(
        self,
        amount: str,
        *,
        day: str = "2026-10-10",
        customer: Account | None = None,
        product: Product | None = None,
        hour: int = 12,
        **columns: Any,
    ) -> Line:
        """An hour of a host of Harborline's at this list price; nothing is posted yet."""
        bill_type = columns.pop("bill_type", "expenditure")
        return Line(
            customer or self.cast.harborline,
            product or self.goods.host_by_use,
            amount,
            at(day, hour),
            region=self.goods.region,
            bill_type=bill_type,
            columns=columns,
        )

    def post(self, *lines: Line | str):
        """Post charges; a text is the list price of one."""
        return post(line if isinstance(line, Line) else self.charge(line) for line in lines)

    def discount(
        self,
        percent: str,
        *,
        partner: Account | None = None,
        customer: Account | None = None,
        **term,
    ) -> CommercialDiscount:
        """A commercial discount of the partner, in effect for ever."""
        found = CommercialDiscount.objects.create(
            account=partner or self.cast.tidemark,
            number=f"0HEI{CommercialDiscount.objects.count():08d}",
            customer=customer,
            starts_at=term.pop("starts_at", LONG_AGO),
            ends_at=term.pop("ends_at", FOR_EVER),
            created_at=LONG_AGO,
        )
        fixed = term.pop("unit_price", None)
        DiscountTerm.objects.create(
            discount=found,
            percent=None if fixed else Decimal(percent),
            unit_price=Decimal(fixed) if fixed else None,
            **term,
        )
        return found

    def coupon(self, value: str, **more: Any) -> Coupon:
        """A coupon of Tidemark's, valid for ever."""
        number = f"C{Coupon.objects.count():06d}"
        start = {"account": self.cast.tidemark, "number": number, "name": number}
        coupon = Coupon.objects.create(
            **start
            | {
                "source": CouponSource.BENEFIT,
                "face_value": Decimal(value),
                "balance": Decimal(value),
                "starts_at": LONG_AGO,
                "ends_at": FOR_EVER,
                "issued_at": LONG_AGO,
            }
            | more
        )
        CouponEntry.objects.create(
            account=coupon.account,
            coupon=coupon,
            move="issued",
            amount=coupon.face_value,
            balance=coupon.face_value,
            at=LONG_AGO,
        )
        return coupon

    def run(
        self, cycle: BillingCycle = OCTOBER, moment: datetime = ISSUE, **more
    ) -> running.Outcome:
        """The bill run."""
        return running.generate(operator_job("test"), cycle, moment, **more)

    def bill(self, partner: Account | None = None, cycle: BillingCycle = OCTOBER) -> Bill:
        """The issued bill."""
        return Bill.objects.get(account=partner or self.cast.tidemark, cycle=str(cycle))


@pytest.fixture
def books(cast: Cast) -> Books:
    """The cast, associated since 2019, and a catalogue."""
    Association.objects.update(associated_at=LONG_AGO)
    return Books(cast, stock())
