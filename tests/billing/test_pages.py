"""The pages of Partner Bills: figures, trees, and how an amount opens down to its record."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from billing.choices import TaxKind
from billing.exporters.bills import BILLS
from billing.models import Bill, BillLine, DismissedNote, ExchangeRate, Invoice, TaxRule
from billing.services import estimating
from catalog.models import ServiceType
from customers.models import Association
from exports.models import ExportTask
from partner_center.clock import BillingCycle
from resellers.models import ResellerAssociation
from tests.metering.ledger import at

from .conftest import ISSUE, LONG_AGO, Books
from .files import written

PAGE = "/sales/financial-information/partner-bills"
NOVEMBER = "2026-11"
#: November 20, 2026, in GMT+08:00.
TODAY = at("2026-11-20")


@pytest.fixture
def mara(books: Books, client: Client, monkeypatch) -> Client:
    """Mara is signed in; it is November 20, 2026."""
    monkeypatch.setattr("partner_center.clock.now", lambda: TODAY)
    client.force_login(books.cast.mara)
    return client


def words(response) -> str:
    """The words of a page, in one line."""
    assert response.status_code == 200, response.content[:400]
    text = re.sub(r'<span class="pc-money-tail">(\d*)</span>', r"\1", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def drawers(response) -> list[str]:
    """The addresses of amounts that open."""
    found = re.findall(r'class="pc-explain" href="([^"]+)"', response.content.decode())
    return [url.replace("&amp;", "&") for url in found]


@pytest.mark.requirement(
    "05-BIL-09", "05-BIL-10", "05-BIL-18", "05-BQY-01", "05-BQY-02", "05-BQY-03"
)
@pytest.mark.requirement("05-BQY-04", "05-BQY-08", "05-BFD-03", "05-CNV-01", "05-CNV-06")
def test_an_issued_bill(books: Books, mara: Client) -> None:
    books.post(
        books.charge("8083.8494925"),
        books.charge("-853.8495", bill_type="refund"),
        books.charge("-37.9425", bill_type="adjustment"),
    )
    books.run()
    page = mara.get(f"{PAGE}?cycle=2026-10")
    text = words(page)
    for figure in (
        "Amount Due $7,192.06 USD",
        "Unpaid Fees of Current Month $7,192.06 USD",
        "Unpaid Fees of Previous Months $0.00 USD",
        "Expenditures 8,083.8494925",
        "Refunds −853.8495",
        "Adjustments −37.9425",
        "Exact 7,192.0574925",
        "HUAWEI CLOUD Expenditure Summary",
        "Marketplace Expenditure Summary $0.00 USD",
        "due Dec 05, 2026",
        "View the bill calculation method.",
        "only your own expenditures",
        "Financial Information",
    ):
        assert figure in text, figure
    assert "overdue" not in text
    for url in drawers(page):
        assert mara.get(url).status_code == 200, url
    assert "7,192.06" in words(mara.get(f"{PAGE}/unpaid"))
    method = words(mara.get(f"{PAGE}/calculation"))
    assert "1.24 × 3 = 3.72" in method
    assert "Refunds are amounts returned for order cancellation or specification changes" in method
    mara.post(f"{PAGE}/dismiss-note?cycle=2026-10")
    mara.post(f"{PAGE}/dismiss-note?cycle=2026-10")
    assert DismissedNote.objects.count() == 1
    assert "only your own expenditures" not in words(mara.get(f"{PAGE}?cycle=2026-10"))


@pytest.mark.requirement("05-BQY-06", "05-BQY-18", "05-BIL-17", "05-CNV-04", "06-DBL-06")
def test_an_estimate_in_the_payment_currency(books: Books, mara: Client, monkeypatch) -> None:
    monkeypatch.setattr("accounts.queries.information.currency_of", lambda *_args: "HKD")
    ExchangeRate.objects.create(
        currency="HKD", valid_from=date(2026, 11, 1), rate=Decimal("7.7523")
    )
    books.post(books.charge("0.1008", day="2026-11-10"))
    estimating.refresh(BillingCycle(2026, 11), TODAY)
    page = mara.get(PAGE)
    text = words(page)
    for figure in (
        "Bill Estimate $0.10 USD",
        "1USD = 7.7523 HKD",
        "0.78 HKD",
        "Exact 0.1008",
        "an estimate: tax is not included",
        "after the bill is issued on Dec 05, 2026",
        "refreshed at Nov 20, 2026 12:00:00 GMT+08:00",
        "Refunds 0.00",
    ):
        assert figure in text, figure
    assert "Adjustments" not in text and "Coupons used" not in text
    [line_url] = [url for url in follow(mara, page) if "/lines/" in url]
    text = words(mara.get(line_url))
    assert "Estimate of one line" in text and "Settlement amount (USD) 0.1008" in text


@pytest.mark.requirement("05-BIL-10", "05-BQY-15")
def test_pages_ask_a_constant_number_of_queries(
    books: Books, mara: Client, django_assert_max_num_queries
) -> None:
    books.coupon("3")
    both = (books.cast.harborline, books.cast.delta)
    books.post(*(books.charge("5", hour=h, customer=c) for h in range(1, 23) for c in both))
    books.run()
    line = BillLine.objects.first()
    month = f"{PAGE}?cycle=2026-10"
    party = books.cast.delta.public_id
    lines = f"{PAGE}/amount?cycle=2026-10&customer={party}"
    for url, most in (
        (PAGE, 15),
        (month, 15),
        (f"{month}&by=customer", 15),
        (f"{PAGE}/amount?cycle=2026-10", 12),
        (lines, 14),
        (f"{PAGE}/lines/{line.pk}", 15),
        (f"{PAGE}/amount-due?cycle=2026-10", 12),
    ):
        mara.get(url)
        with django_assert_max_num_queries(most):
            text = words(mara.get(url))
    # Lines are paged by their place: the 22 of one customer are on three pages, none twice.
    seen: list[str] = []
    while lines:
        page = mara.get(lines)
        seen += [url for url in drawers(page) if "/lines/" in url]
        more = re.findall(r'href="([^"]+after=[^"]+)"', page.content.decode())
        lines = more[0].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 22
    assert "Coupons used −3.00" in text


def follow(client: Client, page) -> set[str]:
    """Every drawer that can be opened from a page, however deep."""
    seen: set[str] = set()
    waiting = drawers(page)
    while waiting:
        url = waiting.pop()
        if url not in seen:
            seen.add(url)
            answer = client.get(url)
            assert answer.status_code == 200, url
            waiting += drawers(answer)
    return seen


@pytest.mark.requirement(
    "05-BIL-04", "05-BIL-05", "05-BQY-14", "05-BQY-15", "05-CPR-04", "06-DBL-03"
)
def test_every_amount_opens_down_to_its_record(books: Books, mara: Client) -> None:
    country = str(books.cast.tidemark.service_country or books.cast.tidemark.country)
    for kind, percent in ((TaxKind.CGST, "9"), (TaxKind.SGST, "9.125"), (TaxKind.WHT, "2")):
        TaxRule.objects.create(
            country=country, kind=kind, percent=Decimal(percent), valid_from=date(2020, 1, 1)
        )
    books.discount("25")
    books.discount("40.5", customer=books.cast.delta)
    # The terms of traffic change in the month: its two rows open with their total only.
    books.discount("50", product=books.goods.traffic, starts_at=at("2026-10-15", 0))
    coupon = books.coupon("100")
    books.post(
        books.charge("1000", hour=1, pricing_total=Decimal(24), usage=Decimal(86400)),
        books.charge("10", hour=2, customer=books.cast.delta),
        books.charge("-8", hour=3, bill_type="refund"),
        *(books.charge("0.04", day=f"2026-10-{d}", product=books.goods.traffic) for d in (11, 16)),
    )
    books.run()
    page = mara.get(f"{PAGE}?cycle=2026-10")
    text = words(page)
    due = (Decimal("750.05") + Decimal("5.95") - 6 - 100) * Decimal("1.18125")
    assert f"Exact {due:,.10f}".rstrip("0") in text
    assert "Bill total" in text and "Withheld by you: WHT 2%" in text and "CGST 9%" in text
    urls = follow(mara, page)
    lines = {url for url in urls if "/lines/" in url}
    assert len(lines) == 5
    line = BillLine.objects.get(settled=750)
    text = words(mara.get(f"{PAGE}/lines/{line.pk}"))
    for figure in (
        "Metered usage 86,400",
        "Amount at list price (USD) 1,000.00",
        "Settlement discount 25%, Common product −250.00",
        "Settlement amount (USD) 750.00",
        f"Coupon {coupon} −100.00",
        "Amount due exclusive of tax (USD) 650.00",
        "CGST 9% 650.00 × 9% = 58.50",
        "SGST 9.125% 650.00 × 9.125% = 59.3125",
        "Amount due (USD) 767.8125",
        "Source of the record",
    ):
        assert figure in text, figure
    text = words(mara.get(f"{PAGE}/amount-due?cycle=2026-10"))
    for figure in (
        "Settlement amount 750.00",
        "Coupons used −100.00",
        "Withheld by you",
        coupon.number,
    ):
        assert figure in text, figure
    page = mara.get(f"{PAGE}?cycle=2026-10&by=customer")
    text, opened = words(page), {}
    for url in drawers(page):
        product = re.findall(r"product=([^&]+)&mode=usage&bill_type=(\w+)", url)
        opened.setdefault(product[0] if product else "total", set()).add(words(mara.get(url)))
    host = books.goods.host_by_use.code
    assert set(opened) == {"total", (host, "expenditure"), (host, "refund")}
    assert {len(found) for name, found in opened.items() if name != "total"} == {1, 2}
    [refund] = opened[host, "refund"]
    assert "Settlement amount (USD) −6.00" in refund and "Amount due −$7.0875 USD" in refund
    spent = " ".join(opened[host, "expenditure"])
    assert "Amount due $767.8125 USD" in spent and "Amount due $7.0284375 USD" in spent
    row = "Total Amount 10.00 5.95 0.00 5.95 1.0784375 7.0284375"
    assert row in text
    assert "Special discount request 40.5% 5.95" in text
    assert "Total Records: 1" in words(mara.get(f"{PAGE}?cycle=2026-10&by=customer&q=delta"))


@pytest.mark.requirement("05-BQY-03", "05-BQY-09", "05-BQY-11", "05-BQY-12", "05-REP-11")
@pytest.mark.requirement("05-KGR-09", "05-KGR-10", "05-KGR-12", "06-DBQ-05")
def test_negative_overdue_and_marketplace(books: Books, mara: Client, monkeypatch) -> None:
    market = ServiceType.objects.create(code="m", name="betam-hk-saas", is_marketplace=True)
    goods = books.goods
    books.post(
        books.charge("900", day="2026-08-10"),
        books.charge("10444.73", day="2026-09-10"),
        books.charge("-30", bill_type="refund", product=goods.disk_by_use, service_type=market),
        books.charge("20"),
    )
    for months, cycle in enumerate(("2026-08", "2026-09", "2026-10")):
        books.run(BillingCycle.parse(cycle), ISSUE - timedelta(days=31 * (2 - months)))
    monkeypatch.setattr("partner_center.clock.now", lambda: at("2026-11-10"))
    text = words(mara.get(f"{PAGE}?cycle=2026-10"))
    for figure in (
        "Amount Due $11,344.73 USD overdue $11,344.73 USD",
        "Unpaid Fees of Previous Months $11,344.73 USD",
        "Bill amount −$10.00 USD",
        "Amount Due $0.00 USD",
        "betam-hk-saas",
        "HUAWEI CLOUD Expenditure Summary",
        "Marketplace Expenditure Summary",
        "No payment due",
        "Credit for your next bills",
    ):
        assert figure in text, figure
    [cloud, market_tree] = re.findall(r"Total (\d+ [−\d.]+)", text)
    assert (cloud, market_tree) == ("1 20.00", "1 −30.00"), "each summary has its own total"
    details = mara.get(f"{PAGE}/details?cycle=2026-10&service={market.pk}")
    assert [line.settled for line in details.context["page"].object_list] == [Decimal(-30)]
    text = words(mara.get(f"{PAGE}/unpaid"))
    assert "Overdue bills affect your credit." in text
    assert text.index("2026-08") < text.index("2026-09") and "11,344.73" in text
    home = words(mara.get("/"))
    assert "Unpaid Fees of Previous Months $11,344.73 USD" in home and "Overdue" in home


@pytest.mark.requirement("05-BQY-05", "05-BQY-16", "05-BQY-17", "05-EXP-05", "06-DBQ-06")
def test_bills_are_exported_by_range(books: Books, mara: Client) -> None:
    books.post("5")
    books.run()
    url = f"{PAGE}/export?cycle=2026-10"
    asked = {"begins": "2025-12", "ends": "2026-11", "file_format": "csv"}
    assert "at most 12" in words(mara.get(url))
    for seen in ("2026-11", "2026-10"):
        initial = mara.get(f"{PAGE}/export?cycle={seen}").context["form"].initial
        assert initial["begins"] == "2026-10", "the month seen, else the latest that is issued"
    for wrong in ({"begins": "2025-10"}, {"begins": "2026-11", "ends": "2026-10"}):
        assert mara.post(url, asked | wrong).status_code == 422
    assert mara.post(url, asked).status_code == 302
    task = ExportTask.objects.get(exporter=BILLS.name)
    source = BILLS.source(books.cast.actor(books.cast.mara), task.params)
    [row] = source.queryset.values_list(*(column.value for column in source.columns))
    assert row[0] == "2026-10" and "H****" in row and "Harborline" not in row
    [line] = written(BILLS, books.cast.actor(books.cast.mara), task.params)
    assert (line["Billing Mode"], line["Bill Type"]) == ("Pay-per-use", "Expenditure")
    assert line["Settlement Type"] == "Common product", "words, no codes"
    assert row[-1] == Decimal(5)


@pytest.mark.requirement("05-CNV-02", "05-BIL-10", "05-BIL-03", "05-KGR-03")
def test_who_is_refused(books: Books, mara: Client, client: Client) -> None:
    books.post("5")
    books.run()
    line = BillLine.objects.get()
    urls = [PAGE, f"{PAGE}/amount?cycle=2026-10", f"{PAGE}/amount-due?cycle=2026-10"]
    urls += [f"{PAGE}/lines/{line.pk}", f"{PAGE}/unpaid", f"{PAGE}/export"]
    cast = books.cast
    # Another partner sees nothing of it: where there is no bill of its own there is nothing.
    client.force_login(cast.nora)
    assert [client.get(url).status_code for url in urls[1:4]] == [404, 404, 404]
    assert "$5.00" not in words(client.get(f"{PAGE}?cycle=2026-10"))
    line_url = urls.pop(3)
    for user, status in ((cast.leo, 403), (cast.jun, 403), (cast.hana, 404)):
        client.force_login(user)
        assert {client.get(url).status_code for url in urls} == {status}, user
        assert client.get(line_url).status_code == (404 if user == cast.leo else status)
    client.force_login(cast.felix)
    assert {client.get(url).status_code for url in urls} == {200}
    assert client.get(f"{PAGE}/amount?cycle=2026-10&service=x").status_code == 404
    assert client.get(f"{PAGE}/amount?cycle=2026-10&mode=none").status_code == 404


@pytest.mark.requirement("06-DBQ-03", "06-DRP-03", "06-DBQ-04", "06-DBL-01", "06-DBL-02")
@pytest.mark.requirement("06-DBQ-02", "06-DBQ-07")
def test_a_distributor_sees_its_resellers(books: Books, client: Client, monkeypatch) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: TODAY)
    cast, began = books.cast, LONG_AGO + timedelta(days=1)
    Association.objects.filter(customer=cast.quarry).update(ended_at=began)
    Association.objects.create(
        account=cast.lagoon, customer=cast.quarry, model="reseller", associated_at=began
    )
    ResellerAssociation.objects.update(associated_at=LONG_AGO)
    books.discount("50", partner=cast.meridian)
    books.post(books.charge("72.576", customer=cast.quarry), books.charge("7"))
    books.run()
    # The distributor is billed and invoiced for it; its reseller and the customer are not.
    payers = {cast.meridian.pk, cast.tidemark.pk}
    for model in (Bill, Invoice):
        assert set(model.objects.values_list("account", flat=True)) == payers
    client.force_login(cast.dina)
    text = words(client.get(f"{PAGE}?cycle=2026-10&by=reseller"))
    assert "Unpaid Fees of the Latest Billing Month $36.29 USD" in text
    assert "only your own expenditures" in text and "View the bill calculation method." in text
    assert "lagoon L**** View More lagoon" in text and "quarry" not in text
    more = f"{PAGE}?cycle=2026-10&by=customer&reseller={cast.lagoon.public_id}"
    text = words(client.get(more))
    assert "quarry Q**** View More quarry" in text and "harborline" not in text
    assert "Total Amount 72.576 36.288 0.00 36.288 0.00 36.288" in text
    assert "72.576 Common product 50% 36.288" in text
