"""In a real browser: an estimate becomes a bill, is explained, paid by card, and its invoice opened."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from billing.choices import BillState, TaxKind
from billing.models import BillAccount, Invoice, TaxRule
from billing.services import estimating, invoicing
from metering.services import feeding
from tests.metering.usage import system

from ..browser import DESKTOP, PHONE, PortalBrowser
from ..metering.ledger import at
from . import wallet
from .conftest import ISSUE, OCTOBER, Books

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PAGE = "/sales/financial-information/partner-bills"
#: The night before the run, and the morning after it (GMT+08:00).
BEFORE, AFTER = at("2026-11-04", 22), at("2026-11-05", 9)


def _use(books: Books) -> None:
    """Fifty hours of a host, 0.10 USD each, as a meter sends them."""
    content = (
        "record_id,customer_id,product_id,region,resource_id,resource_name,usage,start,end\n"
        f"j-1,{books.cast.harborline.public_id},host-usage,ap-southeast-3,i-1,web-1,{3600 * 50},"
        "2026-10-10T00:00:00+08:00,2026-10-12T02:00:00+08:00\n"
    )
    batch = feeding.take_batch(
        system(), source_name="journey", batch_id="b1", content=content.encode()
    )
    assert batch.intake.accepted == 1


@pytest.mark.requirement("05-BQY-06", "05-BQY-14", "05-REP-04", "05-REP-05", "05-STM-06")
@pytest.mark.requirement("05-PMT-05", "05-INV-01")
def test_from_the_estimate_to_the_invoice(
    portal_browser: PortalBrowser, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: BEFORE)
    TaxRule.objects.create(
        country="PH", kind=TaxKind.VAT, percent=Decimal(12), valid_from=date(2020, 1, 1)
    )
    wallet.set_currency(books.cast.tidemark)
    books.discount("20")
    _use(books)
    estimating.refresh(OCTOBER, BEFORE)
    page = portal_browser.open(f"{PAGE}?cycle=2026-10", user=books.cast.felix)
    page.wait_for_selector("text=You have not been billed for the expenditures of this month yet")
    page.wait_for_selector("text=$4.00")

    books.run(moment=ISSUE)
    monkeypatch.setattr("partner_center.clock.now", lambda: AFTER)
    bill = books.bill()
    assert (bill.settlement, bill.tax, bill.amount_due) == (4, Decimal("0.48"), Decimal("4.48"))
    page.reload()
    page.wait_for_selector("main >> text=Unpaid")
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        assert not Axe().run(page).response["violations"]

    page.click("#pc-bill-rows .pc-explain >> nth=-1")  # the total, down to its record
    drawer = page.locator("#pc-drawer")
    drawer.get_by_text("Settlement amount, exact, tax not included").wait_for()
    drawer.get_by_text("web-1").wait_for()
    drawer.locator("tbody .pc-explain").first.click()
    for words in ("Metered usage", "Settlement discount", "4.00 × 12% = 0.48", "journey · j-1"):
        drawer.get_by_text(words).first.wait_for()

    page.goto(f"{portal_browser.address}{PAGE}/payment-methods/add")
    for field, value in (
        ("number", wallet.GOOD),
        ("holder", "Felix Reyes"),
        ("expires", "12/40"),
        ("code", "123"),
    ):
        page.fill(f"#id_{field}", value)
    page.check("#id_agreement")
    page.click("main button.btn-primary")
    page.click("main button:has-text('Confirm')")
    page.wait_for_selector("text=4242")
    page.goto(f"{portal_browser.address}{PAGE}")
    page.click("main a:has-text('Repay')")
    page.wait_for_selector("#id_amount")
    assert page.input_value("#id_amount") == "4.48"
    page.click("main button:has-text('Repay')")
    page.click("main button:has-text('Pay')")
    page.wait_for_selector("td:has-text('Expenditure (repayment)')")
    page.wait_for_selector("td:has-text('Top-up')")
    assert BillAccount.objects.get().state == BillState.PAID

    assert invoicing.make_due(AFTER) == 1
    page.goto(f"{portal_browser.address}/sales/financial-information/invoices")
    with page.expect_download() as coming:
        page.click("main a:has-text('Download')")
    document = PdfReader(io.BytesIO(Path(coming.value.path()).read_bytes()))
    text = " ".join(sheet.extract_text() for sheet in document.pages)
    assert Invoice.objects.get().number in text and "4.48" in text and "VAT" in text
    assert portal_browser.complaints == []
