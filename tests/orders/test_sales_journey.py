"""In a real browser: customer and partner see the same order, price, resource and expenditure."""

from __future__ import annotations

import pytest

from orders.models import CustomerOrder
from resources.models import CloudResource

from ..browser import PortalBrowser
from ..cast import Cast
from ..goods import grant_budget, stock
from . import partner

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.mark.requirement("08-BUY-01", "04-ORD-01", "04-PRC-05", "04-RES-01", "04-EXD-01")
def test_an_order_from_both_sides(portal_browser: PortalBrowser, cast: Cast) -> None:
    stock()
    grant_budget(cast.harborline)
    association = partner.refer(cast)
    site = portal_browser.address
    customer = portal_browser.open("/console/products", user=cast.hana)
    customer.click("section:has-text('Elastic Volume Service') >> a:has-text('Buy')")
    customer.fill("#id_size", "400")
    customer.fill("#id_name", "ledger")
    customer.select_option("#id_duration", "month:2")
    customer.click("button:has-text('Next')")
    customer.check("[name=agrees]")
    customer.click("button:has-text('Submit')")
    customer.wait_for_selector("h1:has-text('Pay')")
    order = CustomerOrder.objects.get()

    seller = portal_browser.open("/sales/orders", user=cast.mara)
    seller.wait_for_selector(f"tr:has-text('{order.order_no}') >> text=Pending payment")
    seller.goto(f"{site}/sales/orders/{order.pk}/price")
    seller.fill("[name=discount]", "8.00")
    seller.click("button:has-text('OK')")
    seller.wait_for_selector("text=Order price adjusted successfully")

    customer.reload()
    customer.wait_for_selector("text=72.00")
    customer.click("button:has-text('Pay'):not(:has-text('Later'))")
    customer.wait_for_selector("text=is completed")
    customer.goto(f"{site}/console/resources")
    customer.wait_for_selector("tr:has-text('ledger') >> text=Running")

    seller.goto(f"{site}/sales/orders")
    seller.wait_for_selector(f"tr:has-text('{order.order_no}') >> text=Completed")
    seller.goto(f"{site}/sales/customers/{association.pk}/resources")
    seller.wait_for_selector("tr:has-text('ledger')")
    seller.goto(f"{site}/sales/customers/expenditure/details")
    seller.wait_for_selector(f"tr:has-text('{order.order_no}') >> text=80.00")

    customer.goto(f"{site}/console/unsubscriptions")
    customer.click("a:has-text('Unsubscribe'):not(:has-text('Orders'))")
    customer.click("dialog[open] >> button:has-text('Unsubscribe')")
    customer.wait_for_selector("text=Nothing to unsubscribe")
    assert CloudResource.objects.get().release_cause == "unsubscribed"
    refund = CustomerOrder.objects.get(original=order)
    seller.reload()
    seller.wait_for_selector(f"tr:has-text('{refund.order_no}') >> text=Refund")
    assert portal_browser.complaints == []
