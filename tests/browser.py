"""A real Chromium that walks the running portal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User

# Playwright runs an event loop in the thread of the tests, whose ORM calls are plain all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 1000}


class PortalBrowser:
    """Pages of the live server, signed in as somebody; keeps what the console complained about."""

    def __init__(self, new_context: Callable[..., Any], address: str) -> None:
        self._new_context = new_context
        self.address = address
        self.complaints: list[str] = []

    def open(
        self, path: str, *, user: User | None = None, dark: bool = False, **context: Any
    ) -> Any:
        """A page at ``path``; keyword arguments go to Playwright's context (viewport, …)."""
        context.setdefault("viewport", DESKTOP)
        browser = self._new_context(color_scheme="dark" if dark else "light", **context)
        if user:
            browser.add_cookies([self._session(user)])
        page = browser.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}{path}")
        page.wait_for_load_state("networkidle")
        return page

    def _session(self, user: User) -> dict[str, Any]:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of the machine; root may run it only without its sandbox."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture(scope="session")
def migrated_rows(django_db_setup: None) -> str:
    """What the migrations wrote, as Django keeps it on the connection for emptied tables."""
    return str(connection._test_serialized_contents)


@pytest.fixture(scope="session")
def playwright(migrated_rows: str, playwright: Any) -> Any:
    """Playwright. Its loop gives this thread another connection, which must know those rows too."""
    connection._test_serialized_contents = migrated_rows  # type: ignore[attr-defined]
    return playwright


@pytest.fixture
def portal_browser(live_server: Any, new_context: Callable[..., Any]) -> PortalBrowser:
    """The portal in Chromium."""
    return PortalBrowser(new_context, live_server.url)
