"""Files of the details: FOCUS 1.0 by its own rules, and what a worker writes."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from billing.exporters.focus import CATEGORIES, FOCUS
from exports import statement
from exports.models import ExportTask
from exports.services import runs
from tests.metering.ledger import at

from .conftest import Books
from .spending import metered, rows, spend

#: November 20, 2026, in GMT+08:00.
TODAY = at("2026-11-20")
FOCUS_COLUMNS = [
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "SkuId",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "Tags",
]
NEVER_NULL = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
]
PRICED = (
    "PricingQuantity PricingUnit ListUnitPrice ContractedUnitPrice SkuId SkuPriceId PricingCategory"
)
ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "CommitmentDiscountCategory": {"Spend", "Usage"},
    "CommitmentDiscountStatus": {"Used", "Unused"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ServiceCategory": {*CATEGORIES.values(), "Other"},
    "BillingCurrency": {"USD"},
}


def check_focus(row: dict[str, Any]) -> None:
    """The rules of FOCUS 1.0 on one row."""
    assert set(NEVER_NULL) <= set(row), row
    for name, allowed in ALLOWED.items():
        assert row.get(name) in {None, *allowed}, (name, row)
    for name in (n for n in FOCUS_COLUMNS if n.endswith(("Start", "End"))):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[name])
        datetime.fromisoformat(row[name])
    assert row["ChargePeriodStart"] < row["ChargePeriodEnd"]
    category = row["ChargeCategory"]
    is_priced = category in ("Usage", "Purchase")
    for name in PRICED.split():
        assert not is_priced or name in row, (name, row)
        assert category != "Tax" or name.startswith("Sku") or name not in row, (name, row)
    assert ("ConsumedQuantity" in row) == (category == "Usage")
    assert ("ConsumedUnit" in row) == (category == "Usage")
    assert category != "Purchase" or row["ChargeFrequency"] != "Usage-Based"
    assert ("CommitmentDiscountId" in row) == ("CommitmentDiscountType" in row)
    if is_priced and "ChargeClass" not in row:
        for cost, price in (
            ("ListCost", "ListUnitPrice"),
            ("ContractedCost", "ContractedUnitPrice"),
        ):
            assert row[price] >= 0 and row[price] * row["PricingQuantity"] == row[cost], row


@pytest.mark.requirement("05-BFD-02", "05-EXP-05")
def test_focus_adds_up_to_the_bill(books: Books) -> None:
    spend(books)
    books.coupon("100")
    books.post(
        books.charge("-5", hour=6, bill_type="adjustment"),
        books.charge(
            "2", hour=7, bill_type="adjustment", origin_cycle="2026-09", **metered("20", "0.1")
        ),
        books.charge("7", hour=8, mode="ri_hourly"),
    )
    books.run()
    actor, bill = books.cast.actor(books.cast.mara), books.bill()
    compiled = statement.compile_source(FOCUS.source(actor, {"cycle": "2026-10"}), guarded=True)
    assert compiled.heads == FOCUS_COLUMNS
    found = rows(FOCUS, actor)
    for row in found:
        check_focus(row)
    by_category: dict[str, Decimal] = {}
    for row in found:
        kind = f"{row['ChargeCategory']} {row.get('ChargeClass', '')}".strip()
        by_category[kind] = by_category.get(kind, Decimal(0)) + row["BilledCost"]
    assert by_category == {
        "Usage": Decimal("750.03"),
        "Usage Correction": Decimal("1.5"),
        "Purchase": Decimal("112.5") + Decimal(300) + Decimal("5.25"),
        "Adjustment": Decimal("-37.5") - 5,
        "Credit": Decimal(-100),
        "Tax": bill.tax,
    }
    assert sum(by_category.values()) == bill.exact_total
    assert found[0]["BillingPeriodStart"] == "2026-09-30T16:00:00Z"
    [tax_row] = [
        row for row in found if row["ChargeCategory"] == "Tax" and row["BilledCost"] == Decimal(65)
    ]
    # the tax of 650 is 65: 10% of the list cost of 1000 in the same proportion of what was taxed
    assert tax_row["ListCost"] == Decimal(100) and tax_row["ContractedCost"] == Decimal(75)
    [recurring] = [row for row in found if row["ChargeFrequency"] == "Recurring"]
    assert recurring["CommitmentDiscountType"] == "Reserved Instance"


def download(user: User, exporter: str, file_format: str = "csv") -> bytes:
    """The file, written by a worker."""
    task = ExportTask.objects.create(
        account=user.account,
        uid=exporter.ljust(32, "0"),
        exporter=exporter,
        title=exporter,
        params={"cycle": "2026-10"},
        file_format=file_format,
        created_by=user,
        created_at=TODAY,
        touched_at=TODAY,
    )
    runs.run_export(task.uid)
    task.refresh_from_db()
    assert task.status == "completed", task.failure
    with default_storage.open(task.storage_name) as content:
        return content.read()


@pytest.mark.requirement("05-BDT-03", "05-EXP-02")
@pytest.mark.django_db(transaction=True)
def test_the_files(books: Books) -> None:
    books.post(books.charge("0.0000000001", **metered("1", "0.0000000001")), "1000")
    books.run()
    plain = download(books.cast.mara, "bill_details").decode("utf-8-sig")
    small, large = csv.DictReader(io.StringIO(plain))
    assert small["Payment (USD)"] == "0.0000000001" and large["Payment (USD)"] == "1000"
    focus = download(books.cast.mara, "bill_focus").decode()
    first, *_more = csv.DictReader(io.StringIO(focus))
    # no byte order mark: programs read the first column by its name
    assert list(first) == FOCUS_COLUMNS and first["BilledCost"] == "0.0000000001"
