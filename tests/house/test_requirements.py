"""The requirement documents can be counted, and tests name only requirements that exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ops import requirements_report

DOCUMENT = """# A document

| ID | requirement |
|---|---|
| BFM-01 | First. |
| BFM-02 † | Marked. |
| AF06 | Without a dash. |

| IDs | lines |
|---|---|
| BFM-01..02 | 1-9 |

| no. | decision |
|---|---|
| D-01 | Decided. |
"""


def _named_ids() -> Iterator[tuple[str, str]]:
    """(place, ID) of every ``@pytest.mark.requirement`` in the tests."""
    for path in sorted((Path(settings.BASE_DIR) / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
                for argument in node.args:
                    yield f"{path.name}:{node.lineno}", ast.literal_eval(argument)


def test_tests_name_only_requirements_that_exist() -> None:
    known = requirements_report.known_ids()
    unknown = [f"{place} {name}" for place, name in _named_ids() if name not in known]
    assert not unknown, f"No such requirements in docs/requirements: {unknown}"


def test_documents_hold_all_requirements() -> None:
    counts = {
        d.name[:2]: len(requirements_report.requirements_of(d))
        for d in requirements_report.documents()
    }
    assert list(counts) == ["01", "02", "03", "04", "05", "06", "07", "08"]
    assert min(counts.values()) > 150
    assert {"04-BFM-07", "02-USR-05", "08-AXO-07"} <= requirements_report.known_ids()


def test_sections_of_the_api_count_as_requirements() -> None:
    sections = requirements_report.api_sections()
    assert [s for s in sections if s.startswith("api-B.")] == [f"api-B.{n}" for n in range(1, 56)]
    assert {"api-A.1", "api-A.12"} <= requirements_report.known_ids()


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small document in place of the real ones."""
    path = tmp_path / "04-customers.md"
    path.write_text(DOCUMENT)
    (tmp_path / "00-read-me-first.md").write_text("| ID | x |\n|---|---|\n| NOT-01 | |\n")
    api = tmp_path / "api.md"
    api.write_text("# B. Operations\n\n### B.2 check_user_identity: Check\n\n## Other words\n")
    monkeypatch.setattr(requirements_report, "DOCUMENTS", tmp_path)
    monkeypatch.setattr(requirements_report, "API", api)
    monkeypatch.setattr(requirements_report, "LOG", tmp_path / "log.json")
    return path


def test_requirements_are_the_rows_under_id(document: Path) -> None:
    assert requirements_report.requirements_of(document) == ["04-BFM-01", "04-BFM-02", "04-AF06"]
    rows = {"04-BFM-01", "04-BFM-02", "04-AF06", "04-D-01"}
    assert requirements_report.known_ids() == rows | {"api-B.2"}


def test_one_failing_test_leaves_its_requirement_unproved() -> None:
    tests = {
        "a": {"ids": ["04-BFM-01", "04-AF06"], "passed": True},
        "b": {"ids": ["04-BFM-01"], "passed": False},
    }
    assert requirements_report.proved_by(tests) == {"04-AF06"}


def test_report_counts_and_lists_what_is_missing(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    requirements_report.LOG.write_text('{"a": {"ids": ["04-BFM-02"], "passed": true}}')
    assert requirements_report.report() == 0
    assert capsys.readouterr().out.splitlines() == [
        "04-customers: 1 of 3 named by a passing test",
        "  missing: 04-BFM-01, 04-AF06",
        "api: 0 of 1 named by a passing test",
        "  missing: api-B.2",
        "All: 1 of 4 named by a passing test",
    ]
