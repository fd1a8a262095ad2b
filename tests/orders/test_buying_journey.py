"""In a real browser: a customer buys a disk, sees it, makes it bigger and unsubscribes from it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from metering.models import Charge
from orders.models import CustomerOrder
from resources.models import CloudResource

from .. import goods
from ..browser import DESKTOP, PHONE, PortalBrowser
from ..cast import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.mark.requirement("08-BUY-01", "08-BUY-02", "08-BUY-03", "08-BUY-04", "08-BUY-08")
def test_a_customer_buys_changes_and_unsubscribes(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    goods.stock()
    goods.grant_budget(cast.harborline)
    page = portal_browser.open("/console/products", user=cast.hana)
    page.click("section:has-text('Elastic Volume Service') >> a:has-text('Buy')")
    page.wait_for_selector("h1:has-text('Buy Elastic Volume Service')")
    page.fill("#id_size", "400")
    page.fill("#id_name", "ledger")
    page.press("#id_name", "Tab")
    page.wait_for_selector("#pc-price >> text=$40.00")
    page.select_option("#id_duration", "month:2")
    page.wait_for_selector("#pc-price >> text=$80.00")
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        assert not Axe().run(page).response["violations"]
    page.click("button:has-text('Next')")
    page.wait_for_selector("th:has-text('Usage Duration')")
    page.click("button:has-text('Submit')")
    page.wait_for_selector("text=tick that you have read and agree")
    page.check("[name=agrees]")
    page.click("button:has-text('Submit')")
    page.wait_for_selector("text=settled by your partner Tidemark Cloud")
    page.click("button:has-text('Pay'):not(:has-text('Later'))")
    page.wait_for_selector("text=is completed")
    page.click("main >> a:has-text('My Resources')")
    page.click("summary[aria-label='More actions for ledger']")
    page.click("a:has-text('Change Specifications…')")
    page.fill("dialog[open] >> #id_size", "500")
    page.click("dialog[open] >> button:has-text('Next')")
    page.wait_for_selector("h1:has-text('Pay')")
    page.click("button:has-text('Pay'):not(:has-text('Later'))")
    page.wait_for_selector("text=is completed")
    assert CloudResource.objects.get().size == 500
    page.goto(f"{portal_browser.address}/console/unsubscriptions")
    page.click("a:has-text('Unsubscribe'):not(:has-text('Orders'))")
    page.wait_for_selector("dialog[open] >> text=Given back now")
    page.click("dialog[open] >> button:has-text('Unsubscribe')")
    page.wait_for_selector("text=Nothing to unsubscribe")
    assert CloudResource.objects.get().release_cause == "unsubscribed"
    assert CustomerOrder.objects.filter(status="unsubscribed").count() == 2
    assert Charge.objects.filter(bill_type="refund").count() == 2
    assert [c for c in portal_browser.complaints if "422" not in c] == []
