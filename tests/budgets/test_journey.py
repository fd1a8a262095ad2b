"""In a real browser: a budget is set, used up and raised; its customer is frozen, and buys again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from budgets.choices import HoldOwner, Strength
from budgets.models import BudgetAlert, FreezeState
from budgets.services import alerting, holds, pending
from customers.models import Association
from metering.services import feeding
from orders.models import CustomerOrder
from partner_center import clock

from .. import goods
from ..browser import DESKTOP, PHONE, PortalBrowser
from ..cast import Cast
from ..metering.usage import system

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def _use(cast: Cast, hours: int, number: int) -> None:
    """Harborline's host costs 0.10 USD an hour; the worker looks as soon as it is committed."""
    end = clock.now().replace(microsecond=0)
    content = (
        "record_id,customer_id,product_id,region,resource_id,usage,start,end\n"
        f"j-{number},{cast.harborline.public_id},host-usage,ap-southeast-3,i-1,{3600 * hours},"
        f"{(end - timedelta(seconds=2)).isoformat()},{(end - timedelta(seconds=1)).isoformat()}\n"
    )
    batch = feeding.take_batch(
        system(), source_name="journey", batch_id=f"b{number}", content=content.encode()
    )
    assert batch.intake.accepted == 1
    pending.check_pending()
    alerting.tell_pending()


def _set(page: Any, amount: str) -> None:
    page.fill("#id_amount", amount)
    page.check("[name=action][value=restrict]")
    page.check("[name=unfreezes]")
    page.click("main button:has-text('OK')")
    # Asked once more unless the very same preview stood on the page already.
    back, done = page.locator("button:has-text('Back')"), page.get_by_text("set successfully")
    back.or_(done).first.wait_for()
    if back.is_visible():
        page.click("main button:has-text('OK')")
    done.wait_for()


def _buy_disk(page: Any, address: str) -> None:
    page.goto(f"{address}/console/products")
    page.click("section:has-text('Elastic Volume Service') >> a:has-text('Buy')")
    page.fill("#id_size", "400")
    page.press("#id_size", "Tab")
    page.wait_for_selector("#pc-price >> text=$40.00")
    page.click("button:has-text('Next')")
    page.wait_for_selector("th:has-text('Usage Duration')")
    page.check("[name=agrees]")
    page.click("button:has-text('Submit')")


@pytest.mark.requirement(
    "04-BUD-06", "04-BFM-05", "04-BFM-07", "04-BFM-09", "04-RCP-03", "08-BUY-06"
)
def test_from_the_first_budget_to_the_raised_one(portal_browser: PortalBrowser, cast: Cast) -> None:
    goods.stock()
    association = Association.objects.live().get(customer=cast.harborline)
    Association.objects.update(associated_at=goods.LONG_AGO)
    holds.place(
        system(),
        [association],
        owner=HoldOwner.DEFAULT,
        strength=Strength.ACCOUNT,
        reason="At association",
        moment=clock.now(),
    )
    mara = portal_browser.open(f"/sales/customers/budgets/set/{association.pk}", user=cast.mara)
    for viewport in (PHONE, DESKTOP):
        mara.set_viewport_size(viewport)
        assert not Axe().run(mara).response["violations"]
    _set(mara, "100.00")
    assert FreezeState.objects.get(pk=association.pk).state == "normal"
    for number, hours in enumerate((760, 150, 100)):
        _use(cast, hours, number)
    told = BudgetAlert.objects.order_by("pk").values_list("threshold", flat=True)
    assert list(told) == [75, 90, 100]
    mara.goto(f"{portal_browser.address}/messages")
    mara.wait_for_selector("text=has used 101%")
    mara.wait_for_selector("text=has used 91%")
    mara.wait_for_selector("text=has used 76%")
    hana = portal_browser.open("/console/products", user=cast.hana)
    hana.wait_for_selector("text=Tidemark Cloud")
    hana.click("section:has-text('Elastic Volume Service') >> a:has-text('Buy')")
    hana.wait_for_selector("text=restricted by your partner")
    mara.goto(f"{portal_browser.address}/sales/customers/budgets/set/{association.pk}")
    mara.wait_for_selector("text=Frozen because the budget is used up")
    _set(mara, "200.00")
    _buy_disk(hana, portal_browser.address)
    hana.wait_for_selector("text=settled by your partner Tidemark Cloud")
    hana.click("button:has-text('Pay'):not(:has-text('Later'))")
    hana.wait_for_selector("text=is completed")
    assert CustomerOrder.objects.get().status == "completed"
    assert [c for c in portal_browser.complaints if "422" not in c] == []
