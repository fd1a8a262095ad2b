"""Keeps which requirements the last run of each test named, for ``make requirements``.

A run of everything starts the log anew; a run of a part replaces what it ran.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

LOG = Path(".cache") / "requirements.json"


class RequirementLog:
    """Collects ``{test: {"ids": [...], "passed": bool}}`` in the process that reports."""

    def __init__(self, config: pytest.Config) -> None:
        self.path = config.rootpath / LOG
        self.whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (
            config.option.keyword or config.option.markexpr
        )
        self.tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ids = [value for name, value in report.user_properties if name == "requirement"]
        if ids:
            test = self.tests.setdefault(report.nodeid, {"ids": ids, "passed": True})
            test["passed"] = test["passed"] and report.passed

    def pytest_sessionfinish(self) -> None:
        known = {} if self.whole or not self.path.exists() else json.loads(self.path.read_text())
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(known | self.tests, indent=1, sort_keys=True))


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that reports writes the log, not each worker."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(RequirementLog(config), "requirement-log")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send the IDs along with each test's report."""
    for item in items:
        for marker in item.iter_markers("requirement"):
            item.user_properties.extend(("requirement", name) for name in marker.args)
