"""Consumed Product Details and its files: every column against figures computed by hand."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from billing.choices import TaxKind
from billing.exporters.details import DETAILS
from billing.exporters.focus import CATEGORIES, FOCUS
from billing.models import TaxRule
from billing.refusals import NoFinancialInformation
from customers.models import Association
from exports import statement
from exports.models import ExportTask
from exports.services import runs
from partner_center import masking
from partner_center.actors import Actor
from partner_center.refusals import NotPermitted
from tests.metering.ledger import at

from .conftest import Books
from .files import written

PAGE = "/sales/financial-information/partner-bills/details"
SPEC = Path(__file__).parents[2] / "docs/requirements/05-billing-incentives-statistics.md"
#: November 20, 2026, in GMT+08:00.
TODAY = at("2026-11-20")


@pytest.fixture
def mara(books: Books, client: Client, monkeypatch) -> Client:
    """Mara is signed in; it is November 20, 2026."""
    monkeypatch.setattr("partner_center.clock.now", lambda: TODAY)
    client.force_login(books.cast.mara)
    return client


def rows(exporter: Any, actor: Actor, cycle: str = "2026-10") -> list[dict[str, Any]]:
    """What the file holds, without a worker; empty cells are left out."""
    return written(exporter, actor, {"cycle": cycle})


def tax(books: Books, percent: str) -> None:
    """VAT in Tidemark's country."""
    partner = books.cast.tidemark
    TaxRule.objects.create(
        country=str(partner.service_country or partner.country),
        kind=TaxKind.VAT,
        percent=Decimal(percent),
        valid_from=date(2020, 1, 1),
    )


def metered(total: str, unit_price: str, **more: Any) -> dict[str, Any]:
    """Columns of a usage charge: hours, metered in seconds."""
    hours = Decimal(total)
    return {
        "usage": hours * 3600,
        "pricing_total": hours,
        "pricing_package": Decimal(0),
        "pricing_reserved": Decimal(0),
        "unit_price": Decimal(unit_price),
    } | more


def spend(books: Books) -> None:
    """One line of each billing mode, and a refund that returns its coupon."""
    goods = books.goods
    tax(books, "10")
    books.discount("25")
    books.post(
        books.charge(
            "1000",
            hour=1,
            **metered("10000", "0.1", package_usage=Decimal(1200), reserved_usage=Decimal(300)),
        ),
        books.charge(
            "0.04",
            hour=2,
            product=goods.disk_by_use,
            **metered("2", "0.0002", size=100, usage=Decimal(7200)),
        ),
        books.charge(
            "150",
            hour=3,
            product=goods.host_by_term,
            order_no="CS2610100001",
            order_type="new",
            period="month",
            period_count=3,
            quantity=1,
            unit_price=Decimal(50),
            reason="New purchase",
            started_at=at("2026-10-10", 3),
            ended_at=at("2027-01-10", 23),
        ),
        books.charge(
            "400",
            hour=4,
            product=goods.host_reserved,
            order_no="CS2610100002",
            order_type="new",
            period="year",
            period_count=1,
            quantity=2,
            reserved_hours=17520,
        ),
        books.charge(
            "-50",
            hour=5,
            product=goods.host_by_term,
            bill_type="refund",
            order_no="CS2610100003",
            original_order_no="CS2610100001",
            order_type="unsubscription",
            quantity=1,
            reason="Incorrect parameters selected",
        ),
    )


def headers() -> list[str]:
    """Names of the 56 columns as the requirement's table has them."""
    found = re.findall(r"^\| (\d+) \| ([^|]+) \|", SPEC.read_text(), re.MULTILINE)
    return [name.strip() for _number, name in found][:56]


@pytest.mark.requirement(
    "05-BFD-02", "05-BFD-07", "05-BFS-01", "05-KGR-08", "06-DBF-03", "06-DBF-04"
)
@pytest.mark.requirement("06-DBF-05", "06-DBF-06", "05-EXP-05", "06-DX-07")
def test_each_column_of_each_billing_mode(books: Books) -> None:
    spend(books)
    books.coupon("100")
    books.run()
    actor = books.cast.actor(books.cast.mara)
    compiled = statement.compile_source(DETAILS.source(actor, {"cycle": "2026-10"}), guarded=True)
    assert compiled.heads == headers() and len(compiled.heads) == 56
    usage, disk, term, upfront, refund = rows(DETAILS, actor)
    partner, customer = books.cast.tidemark, books.cast.harborline
    number = usage.pop("Order ID/Transaction ID")
    assert number.isdecimal()
    assert usage == {
        "Customer ID": customer.public_id,
        "Billing Cycle": "2026-10",
        "Customer Name": masking.NAME.text(customer.full_name),
        "Account Name": customer.name,
        "Partner ID": partner.public_id,
        "Partner Name": partner.full_name,
        "Partner Account Name": partner.name,
        "Bill Type": "Expenditure",
        "Billing Mode": "Pay-per-use",
        "Product Type": "Elastic Cloud Server",
        "Product Type Code": "hws.service.type.ec2",
        "Product Name": "Host by use",
        "Product ID": "host-usage",
        "Specifications": "1",
        "Resource Type": "Cloud host",
        "Resource Type Code": "hws.resource.type.vm",
        "Region": "AP-Singapore",
        "Cloud Service Region Code": "ap-southeast-3",
        "Transaction Time": "2026-10-10 01:00:00 GMT+08:00",
        "Whether a Spot Instance": "N",
        "Billing Item Code": "Duration",
        "Billing Item Name": "Duration",
        "Unit Price (USD)": Decimal("0.1"),
        "Unit": "Dollar/Hour",
        "Usage": Decimal(36000000),
        "Usage Unit": "Second",
        "Package Usage": Decimal(1200),
        "Unit (Package Usage)": "Second",
        "Reserved Instance Usage": Decimal(300),
        "Unit (Reserved Instance Usage)": "Second",
        "Customer Expenditure (USD)": Decimal(1000),
        "Settlement Type": "Common product",
        "Settlement Discount": "25%",
        # 1000 × (1 − 25%); the coupon of 100; VAT of 10% on the rest
        "Payment (USD)": Decimal(750),
        "Coupons Used (USD)": Decimal(100),
        "Tax-Exclusive Amount Due (USD)": Decimal(650),
        "Tax Amount": Decimal(65),
        "Amount Due (USD)": Decimal(715),
        "Total Usage (Pricing Unit)": Decimal(10000),
        "Usage Unit (for Pricing)": "Hour",
        "Package Usage (Pricing Unit)": Decimal(0),
        "Usage in Reserved Instances (Pricing Unit)": Decimal(0),
        "Conversion Factor": Decimal(3600),
        "Start Time": "2026/10/10 00:00:00 GMT+08:00",
        "End Time": "2026/10/10 00:59:59 GMT+08:00",
    }
    assert disk["Specifications"] == "Ultra-high I/O|100.0 GB" and disk["Unit"] == "Dollar/GB/Hour"
    assert (disk["Payment (USD)"], disk["Tax Amount"]) == (Decimal("0.03"), Decimal("0.003"))
    assert str(disk["Amount Due (USD)"]) == "0.033"
    wanted = {
        "Order ID/Transaction ID": "CS2610100001",
        "Billing Mode": "Yearly/monthly",
        "Order Type": "New purchase",
        "Number of Terms": 3,
        "Term Unit": "Month",
        "Unit Price (USD)": Decimal(50),
        "Quantity": 1,
        "Payment (USD)": Decimal("112.5"),
        "Start Time": "2026/10/10 03:00:00 GMT+08:00",
        "End Time": "2027/01/10 22:59:59 GMT+08:00",
    }
    assert wanted.items() <= term.items()
    for head in (
        "Usage",
        "Unit",
        "Unsubscription Reason",
        "RI Hours Purchased",
        "Original Order ID",
    ):
        assert head not in term, head
    assert upfront["Billing Mode"] == "Reserved instance-upfront payment"
    assert (upfront["RI Hours Purchased"], upfront["Quantity"]) == (17520, 2)
    assert "Number of Terms" not in upfront and "Usage" not in upfront
    wanted = {
        "Bill Type": "Refund",
        "Original Order ID": "CS2610100001",
        "Order Type": "Unsubscription",
        "Unsubscription Reason": "Incorrect parameters selected",
        "Payment (USD)": Decimal("-37.5"),
        "Amount Due (USD)": Decimal("-41.25"),
    }
    assert wanted.items() <= refund.items() and "Whether to Refund Coupons" not in refund
    bill = books.bill()
    found = rows(DETAILS, actor)
    assert sum(row["Amount Due (USD)"] for row in found) == bill.exact_total


@pytest.mark.requirement("05-BFD-02", "05-BFD-07", "06-DBF-05")
def test_what_applies_to_few_lines(books: Books, monkeypatch) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: TODAY)
    goods = books.goods
    books.discount("0", unit_price="0.05", product=goods.host_by_use)
    goods.traffic.is_percentile = True
    goods.traffic.save()
    books.post(
        books.charge("1", day="2026-11-03", **metered("10", "0.1")),
        books.charge("9", day="2026-11-04", product=goods.traffic, points=4320),
        books.charge("7", day="2026-11-05", mode="ri_hourly", reserved_usage=Decimal(3600)),
        books.charge("-3", day="2026-11-06", bill_type="adjustment"),
    )
    fixed, percentile, hourly, adjusted = rows(
        DETAILS, books.cast.actor(books.cast.mara), "2026-11"
    )
    # a fixed price of 0.05 × 10 hours; an estimate knows no coupons and no tax
    assert fixed["Settlement Discount"] == "0.05" and fixed["Payment (USD)"] == Decimal("0.5")
    for head in ("Coupons Used (USD)", "Tax Amount", "Amount Due (USD)"):
        assert head not in fixed and head not in adjusted
    assert percentile["Usage Days/Total"] == "50%"  # 4320 / 288 = 15 of 30 days
    assert hourly["Billing Mode"] == "Reserved instance-hourly billing"
    assert hourly["Reserved Instance Usage"] == Decimal(3600) and "Usage" not in hourly
    assert adjusted["Bill Type"] == "Adjustment" and adjusted["Settlement Discount"] == "0%"
    assert adjusted["Settlement Type"] == "No discount"


@pytest.mark.requirement("05-BFD-06", "06-DBF-01", "06-DBF-02", "06-DBD-01", "06-DBQ-01")
def test_a_distributor_reads_its_resellers(books: Books, client: Client, monkeypatch) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: TODAY)
    cast = books.cast
    Association.objects.filter(customer=cast.quarry).update(account=cast.lagoon)
    books.post(books.charge("12", customer=cast.quarry), books.charge("30"))
    books.run()
    [row] = rows(DETAILS, cast.actor(cast.dina))
    assert (row["Partner ID"], row["Partner Account Name"]) == (
        cast.lagoon.public_id,
        cast.lagoon.name,
    )
    assert row["Customer Name"] == masking.NAME.text(cast.quarry.full_name) != cast.quarry.full_name
    source = DETAILS.source(cast.actor(cast.dina), {"cycle": "2026-10"})
    theirs = [column.head for column in source.columns]
    changed = {ours: head for ours, head in zip(headers(), theirs, strict=True) if ours != head}
    assert changed == {
        "Unit Price (USD)": "Unit Price",
        "Conversion Factor": "Conversion factor",
        "Start Time": "Start time",
        "End Time": "End time",
    }
    client.force_login(cast.dina)
    page = client.get(f"{PAGE}?cycle=2026-10").content.decode()
    assert cast.lagoon.name in page and cast.quarry.name in page
    assert cast.harborline.name not in page
    with pytest.raises(NoFinancialInformation):
        DETAILS.source(cast.actor(cast.leo), {"cycle": "2026-10"})
    client.force_login(cast.leo)
    assert client.get(PAGE).status_code == 403
    assert rows(DETAILS, cast.actor(cast.nora)) == []


@pytest.mark.requirement("05-BDT-01", "05-BFD-03", "05-BFD-04", "05-BFD-05", "05-CNV-06")
def test_the_tab(books: Books, mara: Client) -> None:
    spend(books)
    books.post(
        books.charge("8", day="2026-11-02", customer=books.cast.delta),
        books.charge("-1", day="2026-11-03", bill_type="adjustment"),
    )
    books.run()
    with CaptureQueriesContext(connection) as queries:
        page = mara.get(f"{PAGE}?cycle=2026-10")
    assert len(queries) <= 15 and page.status_code == 200
    text = page.content.decode()
    assert "an estimate" not in text and "View the bill calculation method." in text
    assert page.context["page"].paginator.count == 5
    harborline = books.cast.harborline
    cases = {
        "q=harborline": 5,
        "q=nobody": 0,
        f"customer={harborline.public_id}": 5,
        f"customer={harborline.name}": 5,
        "customer=delta": 0,
        "trade=CS2610100001": 1,
        "trade=12345678901": 0,
        f"service={books.goods.disk_by_use.service_type_id}": 1,
        "bill_type=refund": 1,
        "settlement=common": 5,
        "settlement=special": 0,
    }
    for query, count in cases.items():
        answer = mara.get(f"{PAGE}?cycle=2026-10&{query}")
        assert answer.context["page"].paginator.count == count, query
        assert len(answer.context["page"].object_list) == count, query
    page = mara.get(f"{PAGE}?cycle=2026-11")
    assert "an estimate" in page.content.decode() and "Dec 05, 2026" in page.content.decode()
    for query, count in {"": 2, "&settlement=none": 1, "&settlement=common": 1}.items():
        answer = mara.get(f"{PAGE}?cycle=2026-11{query}")
        assert answer.context["page"].paginator.count == count, query
    # what opens is the explanation of the line
    [url] = set(
        re.findall(
            r'href="([^"]*/lines/\d+)"',
            mara.get(f"{PAGE}?cycle=2026-10&trade=CS2610100001").content.decode(),
        )
    )
    assert mara.get(url).status_code == 200


@pytest.mark.requirement(
    "05-BDT-02", "05-BDT-03", "05-BFD-01", "05-EXP-01", "05-EXP-02", "05-EXP-03"
)
def test_the_export_is_asked_for(books: Books, mara: Client) -> None:
    books.post("1")
    page = mara.get(f"{PAGE}?cycle=2026-10").content.decode()
    assert "View Export" in page and "Export Bill Details" in page
    asked = {"cycle": "2026-10", "layout": "bill_details", "file_format": "xlsx"}
    assert "names in it are masked" in mara.get(f"{PAGE}/export?cycle=2026-10").content.decode()
    answer = mara.post(f"{PAGE}/export", asked, follow=True)
    assert "The export task was created successfully." in answer.content.decode()
    task = ExportTask.objects.get()
    assert (task.exporter, task.params, task.file_format) == (
        "bill_details",
        {"cycle": "2026-10"},
        "xlsx",
    )
    for wrong in ({"cycle": "2031-01"}, {"layout": "members"}, {"file_format": "pdf"}):
        answer = mara.post(f"{PAGE}/export", asked | wrong)
        assert answer.status_code == 422
        assert "Select a valid choice" in answer.content.decode()
    assert ExportTask.objects.count() == 1
    jun = books.cast.actor(books.cast.jun)
    with pytest.raises(NotPermitted):
        DETAILS.source(jun, {"cycle": "2026-10"})
    mara.force_login(books.cast.jun)
    assert mara.get(PAGE).status_code == 403
    assert mara.post(f"{PAGE}/export", asked).status_code == 403
    assert ExportTask.objects.count() == 1


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
