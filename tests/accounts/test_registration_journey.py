"""A newcomer in a real browser: register, enable the services, complete, sign out, sign in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account

from ..browser import PHONE, PortalBrowser
from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARTEFACTS = Path("artefacts") / "registration"


def _camera(page: Any, name: str) -> Callable[[str], None]:
    """Takes numbered pictures, which stay after the test."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    taken: list[str] = []

    def shoot(what: str) -> None:
        taken.append(what)
        page.screenshot(path=ARTEFACTS / f"{name}-{len(taken):02d}-{what}.png", full_page=True)

    return shoot


def _get_code(page: Any, target: str) -> None:
    page.click("#pc-get-code")
    page.wait_for_selector("text=Sent to")
    page.fill("#id_verification_code", steps.code_sent_to(target))


def _press(page: Any, words: str, then: str) -> None:
    page.click(f"button:has-text('{words}')")
    page.wait_for_url(f"**{then}")


def _register(page: Any, shoot: Callable[[str], None]) -> None:
    page.click("text=Join HCPN")
    page.click("a:has-text('Register')")
    page.select_option("#id_country", "PH")
    page.fill("#id_email", steps.EMAIL)
    page.fill("#id_password", "Light1")
    _get_code(page, steps.EMAIL)
    assert page.input_value("#id_password") == "Light1", "asking for a code loses nothing"
    assert page.locator("[data-rule=mix].pc-rule-kept").count() == 1
    assert page.locator("[data-rule=length].pc-rule-kept").count() == 0
    page.click("[data-pc-password-eye=id_password]")
    assert page.get_attribute("#id_password", "type") == "text"
    page.fill("#id_password", steps.NEW_PASSWORD)
    page.fill("#id_confirm_password", steps.NEW_PASSWORD)
    shoot("register")
    _press(page, "Register", "/register/security-phone")


def _enable(page: Any, shoot: Callable[[str], None]) -> None:
    page.fill("#id_phone_1", "9175552291")
    _get_code(page, steps.MOBILE)
    shoot("security-phone")
    _press(page, "OK", "/register/enable-services")
    page.check("#id_agreed")
    shoot("enable-services")
    _press(page, "Enable", "/register/verify-identity")


def _complete(page: Any, shoot: Callable[[str], None]) -> None:
    _get_code(page, steps.EMAIL)
    _press(page, "Next", "/register/bind-mobile")
    _get_code(page, steps.MOBILE)
    shoot("bind-mobile")
    _press(page, "Next", "/register/information")
    page.get_by_label("Enterprise", exact=False).check()
    for name in ("full_name", "address_line1", "city", "state", "postal_code"):
        page.fill(f"#id_{name}", steps.INFORMATION[name])
    page.select_option("#id_currency", "PHP")
    page.select_option("#id_industry", "software")
    shoot("information")
    _press(page, "OK", "/partners")
    shoot("complete")


@pytest.mark.requirement("01-ACC-01", "01-ACC-06", "01-ACC-08", "01-ACC-09", "01-ACC-13")
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_register_enable_and_sign_in(
    portal_browser: PortalBrowser, viewport: dict[str, int] | None, request: Any
) -> None:
    page = portal_browser.open("/partners", **({"viewport": viewport} if viewport else {}))
    shoot = _camera(page, request.node.callspec.id.rpartition("-")[2])
    _register(page, shoot)
    _enable(page, shoot)
    _complete(page, shoot)
    assert Account.objects.get(email=steps.EMAIL).stage == "complete"
    _press(page, "Sign out", "/sign-in")
    page.fill("#id_login", steps.EMAIL)
    page.fill("#id_password", "Wrong2026")
    page.click("button:has-text('Log In')")
    page.wait_for_selector("text=These details do not match.")
    assert page.input_value("#id_login") == steps.EMAIL
    page.fill("#id_password", steps.NEW_PASSWORD)
    page.click("button:has-text('Log In')")
    page.wait_for_url(f"{portal_browser.address}/")
    shoot("home")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.requirement("01-ACC-02", "01-ACC-05")
def test_registering_works_without_javascript(portal_browser: PortalBrowser) -> None:
    page = portal_browser.open("/register", java_script_enabled=False)
    page.select_option("#id_country", "PH")
    page.fill("#id_email", steps.EMAIL)
    page.click("#pc-get-code")
    page.wait_for_selector("text=Sent to")
    assert page.input_value("#id_email") == steps.EMAIL
    page.fill("#id_verification_code", steps.code_sent_to(steps.EMAIL))
    page.fill("#id_password", steps.NEW_PASSWORD)
    page.fill("#id_confirm_password", steps.NEW_PASSWORD)
    _press(page, "Register", "/register/security-phone")
    assert Account.objects.filter(email=steps.EMAIL).exists()
