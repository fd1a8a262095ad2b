"""In a real browser: the partner asks and the customer processes; then the other way round."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from customers.models import Association, AssociationRequest
from partner_center import clock

from ..accounts import steps
from ..browser import DESKTOP, PortalBrowser
from ..cast import Cast
from .leaving import LEAVE, LOG, MY_PARTNER, RECORDS, asked, association_of, may_leave, partner_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ARTEFACTS = Path("artefacts") / "leaving"


def _camera(page: Any, name: str) -> Callable[[str], None]:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def shoot(what: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}-{what}.png", full_page=True)

    return shoot


def _enter_code(page: Any, user: User) -> None:
    page.wait_for_selector("#id_verification_code")
    page.fill("#id_verification_code", steps.code_sent_to(user.mobile))
    page.click("button:has-text('OK')")


@pytest.mark.requirement("04-ASC-06", "04-ASC-07", "08-CSD-14")
def test_the_partner_asks_and_the_customer_agrees(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    association = association_of(cast.harborline)
    page = portal_browser.open(partner_page(association), user=cast.mara)
    shoot = _camera(page, "partner")
    page.click("main >> button:has-text('Disassociate')")
    page.wait_for_selector("text=Tick the confirmation first.")
    page.check("[name=understood]")
    shoot("check")
    page.click("main >> button:has-text('Disassociate')")
    page.wait_for_selector("dialog[open] >> text=Reason")
    page.click("dialog[open] >> button:has-text('OK')")
    page.wait_for_selector("text=Enter a reason of 1 to 256 characters.")
    page.fill("dialog[open] >> textarea", "Contract ends")
    shoot("reason")
    page.click("dialog[open] >> button:has-text('OK')")
    page.wait_for_url(f"**{RECORDS}")
    page.wait_for_selector("text=The request for disassociating from the customer")
    own = portal_browser.open(MY_PARTNER, user=cast.hana)
    own.click("main >> text=Process")
    own.wait_for_selector("text=Contract ends")
    own.click("button:has-text('Agree')")
    _enter_code(own, cast.hana)
    own.wait_for_url(f"**{MY_PARTNER}")
    own.wait_for_selector("text=No partner yet")
    _camera(own, "customer")("without-partner")
    page.goto(f"{portal_browser.address}{RECORDS}")
    page.wait_for_selector("td >> text=Completed")
    assert Association.objects.get(pk=association.pk).ended_at
    complaints = [c for c in portal_browser.complaints if "422" not in c and "428" not in c]
    assert complaints == []


@pytest.mark.requirement("08-CSD-01", "08-CSD-10", "08-CSD-11", "08-CSD-13", "04-ASC-08")
def test_the_customer_asks_and_the_partner_agrees(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    may_leave(cast.harborline)
    own = portal_browser.open(MY_PARTNER, user=cast.hana)
    own.click("summary:has-text('More Operations')")
    own.click("main >> a:has-text('Disassociate')")
    own.wait_for_url(f"**{LEAVE}")
    own.check("[name=understood]")
    own.click("main >> button:has-text('Disassociate')")
    _enter_code(own, cast.hana)
    own.wait_for_url(f"**{MY_PARTNER}")
    own.wait_for_selector("text=The application for canceling the association")
    page = portal_browser.open(RECORDS, user=cast.mara)
    page.click("tr:has-text('Pending confirmation') >> a:has-text('Agree')")
    page.wait_for_selector("dialog[open] >> text=The customer leaves your list.")
    page.click("dialog[open] >> button:has-text('Agree')")
    page.wait_for_selector("text=You have been disassociated from the customer harborline.")
    own.goto(f"{portal_browser.address}{LOG}")
    own.wait_for_selector("td >> text=Completed")
    assert not Association.objects.live().filter(customer=cast.harborline).exists()
    complaints = [c for c in portal_browser.complaints if "428" not in c]
    assert complaints == []


@pytest.mark.requirement("08-CSD-03", "04-ASC-06")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_pass_axe_and_never_scroll_sideways(
    portal_browser: PortalBrowser, cast: Cast, dark: bool
) -> None:
    waiting = asked(association_of(cast.delta))
    from_partner = asked(association_of(cast.harborline), "partner")
    partner = ("", f"/{waiting.pk}/agree", f"/{waiting.pk}/reject")
    pages = (
        (cast.mara, [*(RECORDS + path for path in partner), partner_page(waiting.association)]),
        (cast.hana, [MY_PARTNER, LOG, LEAVE, f"{MY_PARTNER}/requests/{from_partner.pk}"]),
    )
    for user, paths in pages:
        page = portal_browser.open("/", user=user, dark=dark)
        for path in paths:
            page.set_viewport_size(DESKTOP)
            page.goto(f"{portal_browser.address}{path}")
            found = Axe().run(page).response["violations"]
            assert [(path, v["id"], v["nodes"][0]["target"]) for v in found] == []
            page.set_viewport_size({"width": 320, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert portal_browser.complaints == []


@pytest.mark.requirement("04-ASC-06")
def test_the_partner_asks_without_javascript(portal_browser: PortalBrowser, cast: Cast) -> None:
    association = association_of(cast.harborline)
    page = portal_browser.open(partner_page(association), user=cast.mara, java_script_enabled=False)
    page.check("[name=understood]")
    page.click("main >> button:has-text('Disassociate')")
    page.fill("[name=reason]", "Contract ends")
    page.click("button:has-text('OK')")
    page.wait_for_url(f"**{RECORDS}")
    request = AssociationRequest.objects.get()
    assert request.reason == "Contract ends" and request.requested_at <= clock.now()
