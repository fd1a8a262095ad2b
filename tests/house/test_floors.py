"""The contracts between apps hold, know every app, and would notice a breach."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from ops.contracts import PagesContract

CONFIG = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["tool"][
    "importlinter"
]
CONTRACTS = {contract["type"]: contract for contract in CONFIG["contracts"]}


def test_contracts_hold() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_contracts_know_every_app() -> None:
    apps = set(settings.HOUSE_APPS)
    on_floors = {app for floor in CONTRACTS["layers"]["layers"] for app in floor.split(" : ")}
    assert set(CONFIG["root_packages"]) == on_floors == apps
    assert set(CONTRACTS["forbidden"]["forbidden_modules"]) == apps - {"partner_center"}


@pytest.mark.parametrize(
    ("importer", "imported", "breaks"),
    [
        ("customers.views", "accounts.models", True),
        ("customers.views.details", "accounts.models.user", True),
        ("customers.forms", "accounts.views", True),
        ("customers.admin", "accounts.rules", True),
        ("customers.services", "customers.forms", True),
        ("customers.services", "accounts.views.members", True),
        ("customers.views", "accounts.services.members", False),
        ("accounts.views", "customers.queries", False),
        ("customers.views", "customers.models", False),
        ("customers.views", "partner_center.lists.views", False),
        ("customers.services", "accounts.models", False),
    ],
)
def test_pages_meet_other_apps_only_at_their_doors(
    importer: str, imported: str, breaks: bool
) -> None:
    contract = PagesContract(name="pages", session_options={}, contract_options=CONTRACTS["pages"])
    assert contract._breaks(importer.split("."), imported.split(".")) is breaks
