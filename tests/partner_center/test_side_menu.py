"""In a real browser: the side menu folds to a rail where a table is wide, and opens again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ..browser import PortalBrowser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
WIDE = reverse("association_records:list")


def _width(page: Any) -> float:
    return page.locator("aside.pc-side").bounding_box()["width"]


def test_wide_tables_fold_the_menu_until_it_is_opened(
    portal_browser: PortalBrowser, cast: Any
) -> None:
    page = portal_browser.open(WIDE, user=cast.mara)
    button = page.get_by_role("button", name="Side menu")
    assert _width(page) < 80 and button.get_attribute("aria-expanded") == "false"
    here = page.locator("aside.pc-side").get_by_role("link", name="Customer Management")
    assert here.is_visible(), "folded entries keep icon and name"
    button.focus()
    page.keyboard.press("Enter")
    assert _width(page) > 180 and button.get_attribute("aria-expanded") == "true"
    page.reload()
    assert _width(page) < 80, "the wide table asks for it again"
    page.goto(f"{portal_browser.address}{reverse('organization:members')}")
    assert _width(page) > 180 and button.get_attribute("aria-expanded") == "true"
    assert portal_browser.complaints == []
