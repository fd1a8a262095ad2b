"""In a real browser: look into a paid order, lower a price, act as the customer and come back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import Association
from orders.choices import OrderStatus

from ..browser import PHONE, PortalBrowser
from ..cast import Cast
from ..customers.authorizing import accepted
from ..goods import grant_budget, stock
from . import partner

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.mark.requirement("04-ORD-04", "04-PRC-03", "04-OBO-02", "04-OBO-03", "08-AUT-12")
def test_orders_a_price_and_a_switched_role(portal_browser: PortalBrowser, cast: Cast) -> None:
    goods = stock()
    grant_budget(cast.harborline)
    accepted(cast)
    delta = Association.objects.get(customer=cast.delta)
    paid = partner.order(delta, (goods.host_by_term, "50.00"), status=OrderStatus.COMPLETED)
    partner.refer(cast)
    Association.objects.filter(customer=cast.harborline).update(model="reseller")
    unpaid = partner.order(delta, (goods.host_by_term, "154.00"), model="referral")
    page = portal_browser.open("/sales/orders", user=cast.mara)
    icon = page.locator(f"summary[aria-label='Payment details of {paid.order_no}']")
    icon.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Monthly Settlement(USD) >> visible=true")
    page.keyboard.press("Escape")
    icon.hover()
    page.wait_for_selector("text=Monthly Settlement(USD) >> visible=true")
    page.goto(f"{portal_browser.address}/sales/orders/{unpaid.pk}/price")
    page.fill("[name=discount]", "15.40")
    page.click("button:has-text('Calculate')")
    page.wait_for_selector("tfoot >> text=138.60")
    page.click("button:has-text('OK')")
    page.wait_for_selector("text=Order price adjusted successfully")
    unpaid.refresh_from_db()
    assert unpaid.amount == Decimal("138.60")
    phone = portal_browser.open(
        f"/sales/customers/{Association.objects.get(customer=cast.harborline).pk}",
        user=cast.mara,
        viewport=PHONE,
    )
    phone.click("main >> text=Place Order on Customers’ Behalf")
    phone.click("dialog[open] >> button:has-text('OK')")
    phone.wait_for_url("**/console/products/on-behalf")
    phone.click("main >> a:has-text('Select')")
    phone.wait_for_selector(".pc-behalf >> text=Harborline")
    phone.click("button:has-text('Switch Role')")
    phone.wait_for_url("**/sales/customers")
    assert portal_browser.complaints == []
