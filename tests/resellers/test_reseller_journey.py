"""In a real browser: a distributor invites, the reseller answers, is granted quotas, and loses them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import Account
from resellers.models import ResellerInvitation
from resellers.queries import budget_grant_of
from resellers.tasks import decide_request

from ..accounts import steps as registering
from ..browser import DESKTOP, PHONE, PortalBrowser
from ..cast import PASSWORD
from . import steps

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ARTEFACTS = Path("artefacts") / "resellers"


def _camera(page: Any, name: str) -> Callable[[str], None]:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def shoot(what: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}-{what}.png", full_page=True)

    return shoot


def _invite(page: Any, shoot: Callable[[str], None], email: str = steps.EMAIL) -> None:
    page.click("text=Invite Reseller")
    page.wait_for_selector("dialog[open] >> #id_email")
    page.fill("#id_email", "not an address")
    page.click("dialog[open] >> button:has-text('OK')")
    page.wait_for_selector("dialog[open] >> text=Enter a valid email address.")
    page.fill("#id_email", email)
    shoot("invite")
    page.click("dialog[open] >> button:has-text('OK')")
    page.wait_for_selector(f"text=Invitation sent to {email}.")


def _answer(page: Any, shoot: Callable[[str], None]) -> None:
    page.wait_for_selector("text=Dear user, Meridian has invited you to become a reseller.")
    shoot("landing")
    page.click("text=Log In and Associate")
    page.fill("#id_login", "reef-systems")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Log In')")
    page.click("button:has-text('Associate')")
    page.wait_for_selector("text=Your association is in progress.")
    decide_request(ResellerInvitation.objects.get().pk)
    page.wait_for_selector("text=You are a reseller of Meridian.")  # the page asks by itself
    shoot("associated")
    page.click("main >> text=My HUAWEI CLOUD Distributor")
    page.wait_for_selector("text=Your distributor sets the budgets of your customers")


def _enter_code(page: Any, email: str, then: str) -> None:
    page.wait_for_selector("#id_verification_code")
    page.fill("#id_verification_code", registering.code_sent_to(email))
    page.click("button:has-text('OK') >> visible=true")
    page.wait_for_selector(f"text={then}")


@pytest.mark.requirement(
    "06-RSL-02", "06-RSL-08", "06-PRM-02", "06-PRM-05", "06-OBH-02", "01-RSL-01"
)
def test_invited_accepted_granted_and_withdrawn(portal_browser: PortalBrowser, cast: Any) -> None:
    reef = steps.newcomer().account
    dina = portal_browser.open("/sales/resellers", user=cast.dina)
    shoot = _camera(dina, "distributor")
    _invite(dina, shoot)
    own = portal_browser.open(f"/reseller-invitation/{steps.token_sent_to()}")
    _answer(own, _camera(own, "reseller"))
    dina.goto(f"{portal_browser.address}/sales/resellers")
    shoot("list")
    row = dina.locator("tr:has-text('Reef Systems')")
    row.locator("text=Set Account Freezing").click()
    dina.wait_for_selector("h1:has-text('Set Account Freezing')")
    dina.check("#id_authorize")
    dina.fill("#id_monthly_quota", "1500.00")
    dina.fill("#id_one_time_quota", "500")
    shoot("quotas")
    dina.click("button:has-text('OK')")
    _enter_code(dina, cast.dina.email, "Permissions of Reef Systems set.")
    grant = budget_grant_of(reef.pk)
    assert grant and (grant.monthly_quota, grant.one_time_quota) == (1500, 500)
    own.reload()
    own.wait_for_selector("text=1,500")
    dina.locator("tr:has-text('Reef Systems') >> [role=switch]").click()
    dina.wait_for_selector("dialog[open] >> #id_consent")
    dina.check("dialog[open] >> #id_consent")
    shoot("consent")
    dina.click("dialog[open] >> button:has-text('OK')")
    _enter_code(dina, cast.dina.email, "Reef Systems may work on the behalf of customers.")
    assert dina.locator("tr:has-text('Reef Systems') >> [aria-checked=true]").count() == 1
    dina.locator("tr:has-text('Reef Systems') >> text=Set Account Freezing").click()
    dina.wait_for_selector("h1:has-text('Set Account Freezing')")
    dina.uncheck("#id_authorize")
    dina.click("button:has-text('OK')")
    _enter_code(dina, cast.dina.email, "Permissions of Reef Systems withdrawn.")
    assert budget_grant_of(reef.pk) is None
    own.reload()
    own.wait_for_selector("text=Your distributor sets the budgets of your customers")
    complaints = [c for c in portal_browser.complaints if "422" not in c and "428" not in c]
    assert complaints == []


@pytest.mark.requirement("01-RSL-02")
def test_registering_through_the_link_works_without_javascript(
    portal_browser: PortalBrowser, cast: Any
) -> None:
    steps.invite(cast, registering.EMAIL)
    page = portal_browser.open(
        f"/reseller-invitation/{steps.token_sent_to(registering.EMAIL)}",
        java_script_enabled=False,
        viewport=PHONE,
    )
    page.click("text=Register and Associate")
    page.wait_for_url("**/register")
    page.select_option("#id_country", "PH")
    page.fill("#id_email", registering.EMAIL)
    page.click("#pc-get-code")
    page.fill("#id_verification_code", registering.code_sent_to(registering.EMAIL))
    page.fill("#id_password", registering.NEW_PASSWORD)
    page.fill("#id_confirm_password", registering.NEW_PASSWORD)
    page.click("button:has-text('Register')")
    page.wait_for_url("**/register/security-phone")
    account = Account.objects.get(email=registering.EMAIL)
    assert ResellerInvitation.objects.get().reseller == account


@pytest.mark.requirement("06-RSL-01", "06-RSL-05")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_pass_axe_and_never_scroll_sideways(
    portal_browser: PortalBrowser, cast: Any, dark: bool
) -> None:
    invitation = steps.invite(cast)
    steps.granted(cast, "1000")
    pk = steps.lagoon(cast).pk
    pages = {
        cast.dina: (
            "/sales/resellers",
            "/sales/resellers/invite",
            "/sales/resellers/invitations",
            f"/sales/resellers/invitations/{invitation.pk}/resend",
            f"/sales/resellers/invitations/{invitation.pk}/withdraw",
            f"/sales/resellers/{pk}/permissions",
            f"/sales/resellers/{pk}/on-behalf",
            "/reseller-request",
        ),
        cast.leo: ("/overview/distributor",),
        None: (f"/reseller-invitation/{steps.token_sent_to()}", "/reseller-invitation/gone"),
    }
    for user, paths in pages.items():
        page = portal_browser.open(paths[0], user=user, dark=dark)
        for path in paths:
            page.set_viewport_size(DESKTOP)
            page.goto(f"{portal_browser.address}{path}")
            found = Axe().run(page).response["violations"]
            assert [(path, v["id"], v["nodes"][0]["target"]) for v in found] == []
            page.set_viewport_size({"width": 320, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert [c for c in portal_browser.complaints if "410" not in c] == []
