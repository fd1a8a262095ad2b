"""In a real browser: an administrator makes a role and a member; the member sees what it may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import Role, User
from accounts.permissions import VIEW_MEMBERS

from ..browser import DESKTOP, PHONE, PortalBrowser
from .organization import PASSWORD, role_names

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ARTEFACTS = Path("artefacts") / "organization"
OWN_PASSWORD = "Mine2026now"


def _camera(page: Any, name: str) -> Callable[[str], None]:
    """Takes pictures, which stay after the test."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def shoot(what: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}-{what}.png", full_page=True)

    return shoot


def _press(page: Any, words: str, then: str) -> None:
    page.click(f"main >> text='{words}'")
    page.wait_for_url(f"**{then}")


def _create_role(page: Any, shoot: Callable[[str], None]) -> None:
    page.click("main >> text=Roles")
    _press(page, "Create Custom Role", "/roles/create")
    page.fill("#id_name", "Staff viewer")
    page.check(f"input[value='{VIEW_MEMBERS}']")
    page.wait_for_selector("#role-summary >> text=1 permission chosen")
    shoot("role")
    page.click("button:has-text('OK')")
    page.wait_for_selector("text=Role Staff viewer created.")


def _create_user(page: Any, shoot: Callable[[str], None]) -> None:
    page.click("main >> text=Users >> nth=0")
    _press(page, "Create User", "/members/create")
    page.fill("#id_username", "k.ramos")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_confirm_password", PASSWORD)
    page.fill("#id_name", "Kira Ramos")
    page.fill("#id_mobile_1", "9175550100")
    page.click("button:has-text('Next')")  # the e-mail is missing
    page.wait_for_selector("text=Nothing was saved.")
    assert page.input_value("#id_name") == "Kira Ramos"
    page.fill("#id_email", "k.ramos@tidemark.example")
    shoot("information")
    _press(page, "Next", "/create/roles")
    page.get_by_label("Account manager", exact=True).first.check()
    page.wait_for_selector("text=Not together with Account manager")
    page.get_by_label("Account manager", exact=True).first.uncheck()
    page.wait_for_selector("text=Not together with Account manager", state="detached")
    page.get_by_label("Staff viewer", exact=True).first.check()
    page.wait_for_selector("[role=status] >> text=Staff viewer")
    shoot("roles")
    page.click("button:has-text('OK')")
    page.wait_for_url("**/created")
    shoot("finish")


def _sign_in(page: Any, shoot: Callable[[str], None]) -> None:
    page.fill("#id_account", "tidemark-cloud")
    page.fill("#id_username", "k.ramos")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Log In')")
    page.wait_for_url("**/first-password")
    shoot("first-password")
    page.fill("#id_password", OWN_PASSWORD)
    page.fill("#id_confirm_password", OWN_PASSWORD)
    page.click("button:has-text('OK')")
    page.wait_for_selector("text=Organization")


@pytest.mark.requirement(
    "02-ORG-02", "02-ORG-07", "02-ROL-03", "02-USR-01", "02-USR-06", "02-LGN-02", "02-LGN-03"
)
def test_a_role_a_member_and_what_it_sees(portal_browser: PortalBrowser, cast: Any) -> None:
    page = portal_browser.open("/organization/members", user=cast.mara)
    shoot = _camera(page, "administrator")
    _create_role(page, shoot)
    _create_user(page, shoot)
    kira = User.objects.get(username="k.ramos")
    assert role_names(kira) == {"Staff viewer"} and kira.must_change_password
    own = portal_browser.open("/sign-in/member")
    _sign_in(own, _camera(own, "member"))
    own.goto(f"{portal_browser.address}/organization/members")
    assert own.locator("text=Kira Ramos").count() and not own.locator("text=Create User").count()
    assert not own.locator("text=Assign Role").count()
    _camera(own, "member")("members")
    assert own.goto(f"{portal_browser.address}/organization/members/create").status == 403
    complaints = [c for c in portal_browser.complaints if "422" not in c and "403" not in c]
    assert complaints == []


@pytest.mark.requirement("02-ROL-03")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_permission_is_found_by_its_words(
    portal_browser: PortalBrowser, cast: Any, viewport: dict[str, int]
) -> None:
    page = portal_browser.open(
        "/organization/members/roles/create", user=cast.mara, viewport=viewport
    )
    shoot = _camera(page, f"find-{viewport['width']}")
    rows = page.locator("#permission-tree tbody tr >> visible=true")
    every = rows.count()
    page.locator("#permission-tree .pc-tree-toggle").first.click()
    folded = rows.count()
    assert folded < every
    field = page.get_by_label("Find a permission")
    field.fill("preregister nothing")
    page.wait_for_selector("text=No permission contains these words.")
    field.fill("DISCOUNTS")
    assert [row.split("\n")[0].strip() for row in rows.all_inner_texts()] == [
        "Sales",
        "Customer Management",
        "Set discounts",
        "Contracts and Commerce",
    ]
    assert page.inner_text("#pc-live") == "Rows found: 4"
    shoot("found")
    field.press("Enter")
    assert page.url.endswith("/roles/create"), "the form is not sent"
    page.get_by_label("Manage all of Sales").check()
    assert page.locator("input[name=permissions]:checked").count() == 1, "only what is to be seen"
    field.press("Escape")
    assert field.input_value() == "" and rows.count() == folded, "as it was folded before"
    field.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#permission-tree') !== null")
    assert portal_browser.complaints == []


@pytest.mark.requirement("02-USR-10", "02-USR-14")
def test_dialogs_open_over_the_list_and_by_keyboard(
    portal_browser: PortalBrowser, cast: Any
) -> None:
    page = portal_browser.open("/organization/members", user=cast.mara)
    menu = page.locator("tr:has-text('j.lim') summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.click("tr:has-text('j.lim') >> text=Delete")
    page.wait_for_selector("dialog[open] >> text=Delete User")
    assert page.url.endswith("/organization/members")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "focus is back on the menu"
    assert User.objects.get(username="j.lim").is_active
    assert portal_browser.complaints == []


@pytest.mark.requirement("02-USR-01", "02-ROL-03", "02-ROL-09")
def test_everything_works_without_javascript(portal_browser: PortalBrowser, cast: Any) -> None:
    page = portal_browser.open(
        "/organization/members", user=cast.mara, java_script_enabled=False, viewport=PHONE
    )
    page.goto(f"{portal_browser.address}/organization/members/{cast.felix.pk}/roles")
    page.check("label:has-text('Read-only auditor')")
    page.select_option("#id_role_type", "system")
    page.click("button:has-text('Show')")
    page.locator("text=Read-only auditor").wait_for()  # as a chip: it stays chosen
    page.click("button:has-text('OK')")
    assert role_names(cast.felix) == {"Finance specialist", "Read-only auditor"}
    page.goto(f"{portal_browser.address}/organization/members/roles/create")
    page.fill("#id_name", "Plain")
    page.check(f"input[value='{VIEW_MEMBERS}']")
    page.click("button:has-text('OK')")
    assert "Role Plain created." in page.content()


@pytest.mark.requirement("02-ORG-01")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_pass_axe_and_never_scroll_sideways(
    portal_browser: PortalBrowser, cast: Any, dark: bool
) -> None:
    auditor = Role.objects.get(account=cast.tidemark)
    page = portal_browser.open("/organization/members", user=cast.mara, dark=dark)
    for path in (
        "",
        f"/{cast.jun.pk}",
        f"/{cast.jun.pk}/modify",
        f"/{cast.jun.pk}/roles",
        f"/{cast.rosa.pk}/managers",
        f"/{cast.jun.pk}/delete",
        "/create",
        "/roles",
        f"/roles/{auditor.pk}",
        f"/roles/{auditor.pk}/modify",
        "/contacts",
    ):
        page.set_viewport_size(DESKTOP)
        page.goto(f"{portal_browser.address}/organization/members{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, v["id"], v["nodes"][0]["target"]) for v in found] == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert portal_browser.complaints == []
