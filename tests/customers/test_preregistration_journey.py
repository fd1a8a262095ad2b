"""In a real browser: a customer is refused, reviewed and reserved, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from customers.models import InvitationLink, PreRegistration

from ..browser import DESKTOP, PHONE, PortalBrowser
from .development import EMAIL, prospect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ARTEFACTS = Path("artefacts") / "customer-development"
LIST = "/sales/customer-development"
LINKS = reverse("invitations:customized")


def _camera(page: Any, name: str) -> Callable[[str], None]:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def shoot(what: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}-{what}.png", full_page=True)

    return shoot


def _fill(page: Any) -> None:
    page.fill("[name=customer_name]", "Reef Hotels")
    page.fill("[name=email]", EMAIL)
    page.select_option("[name=mobile_code]", "PH")
    page.fill("[name=mobile_number]", "9175550142")


def _explain(page: Any) -> None:
    page.fill("[name=company]", "Reef Hotels Inc.")
    page.select_option("[name=country]", "SG")
    page.select_option("[name=industry]", "tourism")
    page.fill("[name=justification]", "We run their booking system.")


@pytest.mark.requirement("04-PRE-13", "04-PRE-14", "04-PRE-15", "04-PRE-01")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("desk", {"viewport": DESKTOP}),
        ("phone", {"viewport": PHONE, "dark": True}),
        ("plain", {"viewport": DESKTOP, "java_script_enabled": False}),
    ],
)
def test_reasons_modify_continue_submit(
    name: str, options: dict[str, Any], cast: Any, portal_browser: PortalBrowser
) -> None:
    prospect(country="SG")
    page = portal_browser.open(LIST, user=cast.mara, **options)
    shoot = _camera(page, name)
    page.click("main >> text=Preregister Customer >> nth=0")
    page.wait_for_selector("[name=customer_name]")
    _fill(page)
    page.click("button:has-text('OK')")
    page.wait_for_selector("text=cannot be directly preregistered")
    shoot("reasons")
    page.click("text=Modify Registration Information")
    page.wait_for_selector("[name=customer_name]")
    assert page.input_value("[name=mobile_number]") == "9175550142"
    page.click("button:has-text('OK')")
    page.click("button:has-text('Continue')")
    page.wait_for_selector("[name=justification]")
    assert page.input_value("[name=email]") == EMAIL
    _explain(page)
    shoot("review")
    page.click("button:has-text('Submit')")
    page.wait_for_selector("tbody >> text=Pending review")
    page.wait_for_load_state("networkidle")
    shoot("list")
    assert PreRegistration.objects.get().status == "pending_review"
    assert not [c for c in portal_browser.complaints if "422" not in c]
    if options.get("java_script_enabled", True):
        violations = Axe().run(page).response["violations"]
        assert not violations, [v["id"] for v in violations]


@pytest.mark.requirement("04-LNK-06")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_customized_link_asks_for_a_tag_or_for_a_manager(
    viewport: dict[str, int], cast: Any, portal_browser: PortalBrowser
) -> None:
    page = portal_browser.open(LINKS, user=cast.mara, viewport=viewport)
    shoot = _camera(page, f"customized-{viewport['width']}")
    tag, manager = page.locator("#id_custom_tag"), page.locator("#id_manager")
    assert tag.is_visible() and not manager.is_visible()
    shoot("tag")
    page.check("text=Dedicated >> nth=0")
    assert manager.is_visible() and not tag.is_visible()
    shoot("manager")
    page.click("button:has-text('Generate')")
    page.wait_for_selector("text=Choose an account manager. >> visible=true")
    assert manager.is_visible() and not tag.is_visible(), "after a refusal too"
    page.select_option("#id_manager", str(cast.jun.pk))
    page.click("button:has-text('Generate')")
    page.wait_for_selector("text=Link and QR code generated successfully.")
    assert InvitationLink.objects.get().manager == cast.jun
