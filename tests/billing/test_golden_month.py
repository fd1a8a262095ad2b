"""A month of a real file, billed: every figure as plain Python computes it from the file's own text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path

import pytest

from billing.choices import TaxKind
from billing.models import BillSum, TaxRule
from metering.models import SubAccount
from partner_center.clock import BillingCycle
from tests.metering.focus_file import FILES, good_rows, map_accounts
from tests.metering.usage import ingest

from .conftest import Books

COUPON, PARTNER, CUSTOMER, TAX = Decimal(5), Decimal("12.5"), Decimal("33.3333"), Decimal("8.25")
RUN = datetime(2026, 11, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A row of the file as 05 settles it; USD."""

    customer: int
    #: Of the transaction, UTC: the end of consumption.
    moment: datetime
    #: Usage and purchases; what else another provider books is settled as it is.
    is_spend: bool
    settled: Decimal

    @property
    def cycle(self) -> BillingCycle:
        """The month of its last moment, GMT+08:00."""
        return BillingCycle.of(self.moment - timedelta(microseconds=1))


def read(file: Path, books: Books) -> Iterator[Row]:
    """The rows of Tidemark's customers."""
    owners = dict(SubAccount.objects.values_list("sub_account_id", "customer_id"))
    percents = {books.cast.harborline.pk: PARTNER, books.cast.delta.pk: CUSTOMER}
    for row in good_rows(file):
        owner, cost = owners[row["SubAccountId"]], Decimal(row["ListCost"])
        if owner not in percents:
            continue
        is_spend = row["ChargeCategory"] in ("Usage", "Purchase")
        is_spend = is_spend and row["ChargeClass"] != "Correction"
        moment = datetime.fromisoformat(row["ChargePeriodEnd"].replace("Z", "+00:00"))
        settled = cost * (100 - percents[owner]) / 100 if is_spend else cost
        yield Row(owner, moment.replace(tzinfo=UTC), is_spend, settled)


def expected(rows: list[Row]) -> dict[str, object]:
    """The bill by hand: the coupon walks through the spend by time, tax is on what is left."""
    left, exclusive = COUPON, defaultdict(Decimal)
    for row in sorted(rows, key=lambda row: row.moment):
        payable = row.settled.quantize(Decimal("1E-8"), ROUND_DOWN) if row.is_spend else Decimal(0)
        used = max(min(left, payable), Decimal(0))
        left -= used
        exclusive[row.customer] += row.settled - used
    due = sum(exclusive.values()) * (100 + TAX) / 100
    return {
        "coupons": COUPON - left,
        "by_customer": dict(exclusive),
        "exact_total": due,
        "total": due.quantize(Decimal("0.01"), ROUND_HALF_UP),
    }


@pytest.mark.requirement("05-BIL-01", "05-BIL-04", "05-BIL-08", "05-CPR-07", "05-CPR-08")
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_bill_is_exact_to_the_last_digit(books: Books, tmp_path: Path, file: Path) -> None:
    books.discount(str(PARTNER))
    books.discount(str(CUSTOMER), customer=books.cast.delta)
    coupon = books.coupon(str(COUPON))
    country = books.cast.tidemark.service_country or books.cast.tidemark.country
    TaxRule.objects.create(
        country=str(country), kind=TaxKind.VAT, percent=TAX, valid_from=date(2020, 1, 1)
    )
    ingest(file, "--format=focus", f"--accounts={map_accounts(books.cast, file, tmp_path)}")
    with localcontext(Context(prec=80)):
        rows = list(read(file, books))
        cycle, _rows = Counter(row.cycle for row in rows).most_common(1)[0]
        assert books.run(cycle, RUN).parked == 0
        bill, wanted = (
            books.bill(cycle=cycle),
            expected([row for row in rows if row.cycle == cycle]),
        )
        by_customer = defaultdict(Decimal)
        for row in BillSum.objects.filter(bill=bill):
            by_customer[row.customer_id] += row.settled - row.coupons
        assert {
            "coupons": bill.coupons,
            "by_customer": dict(by_customer),
            "exact_total": bill.exact_total,
            "total": bill.total,
        } == wanted
        coupon.refresh_from_db()
        assert coupon.balance == COUPON - wanted["coupons"]
