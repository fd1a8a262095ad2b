"""In real browsers: a partner pre-registers and invites, the customer registers and associates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from customers.models import Association

from ..accounts import steps
from ..browser import PHONE, PortalBrowser
from . import landing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARTEFACTS = Path("artefacts") / "association"


def _shoot(page: Any, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def _preregister(page: Any) -> None:
    page.click("text=Preregister Customer")
    page.fill("#pc-dialog #id_customer_name", "Newport Traders")
    page.fill("#pc-dialog #id_email", landing.EMAIL)
    page.select_option("#pc-dialog [name=mobile_code]", "PH")
    page.fill("#pc-dialog #id_mobile_1", "9175552299")
    _shoot(page, "preregister")
    page.click("#pc-dialog .btn-primary")
    page.wait_for_selector("text=Total Records: 1")


def _register(page: Any) -> None:
    button = page.locator("button[name=register]")
    assert button.is_disabled(), "nothing without the tick"
    page.check("#id_instructions")
    page.check("#id_letter")
    _shoot(page, "landing")
    button.click()
    page.wait_for_url("**/register?next=*")
    assert page.input_value("#id_email") == landing.EMAIL
    page.select_option("#id_country", "PH")
    page.click("#pc-get-code")
    page.wait_for_selector("#pc-code-entry >> text=Sent to")
    page.fill("#id_verification_code", steps.code_sent_to(landing.EMAIL))
    page.fill("#id_password", steps.NEW_PASSWORD)
    page.fill("#id_confirm_password", steps.NEW_PASSWORD)
    page.click("button:has-text('Register')")
    page.wait_for_url("**/associate")


def _associate(page: Any) -> None:
    assert page.locator("button:has-text('Enable and Associate')").is_disabled()
    page.check("#id_agreed")
    _shoot(page, "enable")
    page.click("button:has-text('Enable and Associate')")
    page.wait_for_url("**/done")
    page.wait_for_selector("text=Your account is frozen for now.")
    _shoot(page, "done")


@pytest.mark.requirement(
    "08-CSA-01", "08-CSA-06", "08-CSA-07", "08-CSA-10", "08-CSA-14", "04-CUS-02", "04-PRE-04"
)
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_from_the_invitation_to_the_association(
    portal_browser: PortalBrowser, cast: Any, viewport: dict[str, int] | None
) -> None:
    partner = portal_browser.open("/sales/customer-development", user=cast.mara)
    _preregister(partner)
    customer = portal_browser.open(
        f"/invitation/{landing.token_of()}", **({"viewport": viewport} if viewport else {})
    )
    _register(customer)
    _associate(customer)
    assert customer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    customer.goto(f"{portal_browser.address}/my-account/partner")
    customer.wait_for_selector("text=Tidemark Cloud")
    partner.goto(f"{portal_browser.address}/sales/customer-development/history")
    partner.wait_for_selector("td >> text=Associated")
    _shoot(partner, "history")
    made = Association.objects.get(account=cast.tidemark, customer__email=landing.EMAIL)
    partner.goto(f"{portal_browser.address}{reverse('customers:list')}")
    partner.click(f"tr:has-text('{made.customer.name}') >> a:has-text('{made.customer.name}')")
    partner.wait_for_selector(f"h1:has-text('{made.customer.name}')")
    _shoot(partner, "details")
    assert portal_browser.complaints == []


def test_associating_works_without_javascript(portal_browser: PortalBrowser, cast: Any) -> None:
    user = landing.account()
    page = portal_browser.open(f"/invitation/{landing.invited(cast)}", java_script_enabled=False)
    page.check("#id_instructions")
    page.click("button[name=log_in]")
    page.fill("#id_login", user.account.name)
    page.fill("#id_password", landing.PASSWORD)
    page.click("button:has-text('Log In')")
    page.wait_for_url("**/associate")
    page.check("#id_agreed")
    page.click("button:has-text('Enable and Associate')")
    page.wait_for_url("**/done")
    assert Association.objects.filter(customer=user.account).exists()


@pytest.mark.requirement("08-INS-03", "08-INS-06")
def test_the_instructions_pop_up_after_sign_in_and_can_be_closed(
    portal_browser: PortalBrowser, cast: Any
) -> None:
    user = landing.account()
    landing.operator_associates(cast, user)
    page = portal_browser.open("/", user=user)
    page.wait_for_selector("#pc-dialog >> text=Service Usage Requirements")
    page.click("#pc-dialog >> text=Close")
    page.goto(f"{portal_browser.address}/my-account/partner")
    page.click("text=Sign Now")
    page.wait_for_selector("#pc-dialog #id_agreed")
    assert page.locator("#pc-dialog button:has-text('OK')").is_disabled()
    page.check("#pc-dialog #id_agreed")
    page.click("#pc-dialog button:has-text('OK')")
    page.wait_for_selector("text=Agreement signed.")
    page.wait_for_selector("text=V1001")
