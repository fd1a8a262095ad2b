"""Consumed Product Details and its files: every column against figures computed by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.exporters.details import DETAILS
from billing.refusals import NoFinancialInformation
from customers.models import Association
from exports import statement
from exports.models import ExportTask
from partner_center import masking
from partner_center.refusals import NotPermitted
from tests.metering.ledger import at

from .conftest import Books
from .spending import metered, rows, spend

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
    empty = mara.get(f"{PAGE}?cycle=2026-10&q=nobody").content.decode()
    assert "Clear Billing Cycle" not in empty, "it is always one"
    assert f'<a class="btn btn-default" href="{PAGE}?cycle=2026-10"' in empty, "Clear filters"
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
