"""The style page in a real Chromium: every component in both themes, on a phone, by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import PHONE, PortalBrowser
from tests.cast import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

STYLE = "/operator/style"


def _violations(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:4]}" for v in found]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_component_passes_axe(portal_browser: PortalBrowser, cast: Cast, dark: bool) -> None:
    page = portal_browser.open(STYLE, user=cast.olga, dark=dark)
    assert _violations(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_every_component_passes_axe(
    portal_browser: PortalBrowser, cast: Cast, dark: bool
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga, dark=dark, viewport=PHONE)
    assert _violations(page) == []


def test_nothing_on_the_page_offends_the_content_security_policy(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    page.hover("#style-bars-chart")
    page.click("text=Explain an amount")
    page.wait_for_selector("dialog.pc-drawer[open] h2")
    assert page.locator("[data-pc-chart] svg").count() == 2
    assert portal_browser.complaints == []


def test_it_never_scrolls_sideways(portal_browser: PortalBrowser, cast: Cast) -> None:
    for width in (320, 390, 768, 1024):
        page = portal_browser.open(STYLE, user=cast.olga, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_dialog_opens_over_the_page_shows_its_errors_and_gives_the_focus_back(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    opener = page.get_by_role("link", name="Freeze Account and Resources…")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.pc-dialog[open]")
    dialog.wait_for()
    dialog.locator("textarea").fill("Contract ended")
    dialog.get_by_role("button", name="Freeze Account and Resources").click()
    dialog.locator("[data-pc-error-summary]").wait_for()
    assert dialog.locator("textarea").input_value() == "Contract ended"
    assert _violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert opener.evaluate("element => element === document.activeElement")


def test_enter_in_a_text_field_never_presses_the_red_button(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    page.get_by_role("link", name="Freeze Account and Resources…").click()
    code = page.locator("dialog input[name=verification_code]")
    code.wait_for()
    code.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator("dialog [data-pc-error-summary]").count() == 0


def test_menus_work_with_arrows_and_escape(portal_browser: PortalBrowser, cast: Cast) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    account = page.locator("details.pc-account > summary")
    account.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("details.pc-account[open]").count() == 1
    assert page.evaluate("document.activeElement.className").startswith("pc-menu-item")
    page.keyboard.press("Escape")
    assert page.locator("details.pc-account[open]").count() == 0
    assert account.evaluate("element => element === document.activeElement")


def test_ticked_rows_raise_the_batch_bar_and_escape_clears_it(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    ticks = page.locator("#pc-list [data-pc-tick]")
    ticks.nth(0).check()
    bar = page.locator("[data-pc-batch]")
    assert bar.is_visible()
    assert "1 selected" in bar.inner_text()
    assert page.locator("[data-pc-tick-all]").evaluate("element => element.indeterminate")
    page.locator("[data-pc-tick-all]").check()
    page.get_by_role("button", name="Select all 86").click()
    assert "86 selected" in bar.inner_text()
    ticks.nth(0).press("Escape")
    assert not bar.is_visible()


def test_ticks_of_a_tree_follow_their_children(portal_browser: PortalBrowser, cast: Cast) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    whole = page.get_by_label("Manage all of Sales")
    assert whole.evaluate("element => element.indeterminate")
    whole.check()
    assert page.get_by_label("Manage Customer Management").is_checked()
    page.get_by_label("Rows below Sales").click()
    assert not page.get_by_label("Manage Customer Management").is_visible()


def test_without_javascript_the_forms_and_tables_are_there(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga, java_script_enabled=False)
    assert page.locator("#style-bars-table").is_visible()
    page.get_by_role("link", name="Freeze Account and Resources…").click()
    assert page.locator("h1").inner_text() == "Freeze Account and Resources"
    page.get_by_role("button", name="Freeze Account and Resources").click()
    assert page.locator("[data-pc-error-summary]").is_visible()


def test_the_theme_of_the_menu_takes_effect_at_once_and_stays(
    portal_browser: PortalBrowser, cast: Cast
) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    page.locator("details.pc-account > summary").click()
    with page.expect_response("**/theme"):
        page.locator("[data-pc-theme]").get_by_label("Dark").check()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_it_prints_without_bars_and_menus(portal_browser: PortalBrowser, cast: Cast) -> None:
    page = portal_browser.open(STYLE, user=cast.olga)
    page.emulate_media(media="print")
    assert not page.locator(".pc-topbar").is_visible()
    assert not page.locator(".pc-side").is_visible()
    assert page.locator(".pc-foot").is_visible()
