"""``make requirements``: which requirements a passing test names, and which nothing proves yet.

The requirements are the rows of the tables in ``docs/requirements/NN-*.md`` whose first column is
headed ``ID``; tables headed otherwise (``no.``, ``#``, ``id``) keep decisions, which a test may
name too. The sections of the API's description count as well. The tests' side is the log of the
last runs (tests/requirement_log.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from .terminal import ROOT, Trouble, say

DOCUMENTS = ROOT / "docs" / "requirements"
#: The API's description: its sections are named ``api-A.3``, ``api-B.2``.
API = ROOT / "docs" / "api" / "bss-api.md"
LOG = ROOT / ".cache" / "requirements.json"
#: A cell that is one ID, perhaps with its mark of origin: ``BFM-07``, ``OPB-01 †``, ``AF06``.
ID = re.compile(r"([A-Z][A-Z0-9]*-?\d+)(?: †| \(P\))?")
#: A heading of the API's description: ``## A.3 AK/SK signature``, ``### B.2 check_user_identity``.
SECTION = re.compile(r"^#{2,3} ([A-E]\.\d+) ", re.MULTILINE)


def report() -> int:
    """Print the figures per document and all missing IDs."""
    if not LOG.exists():
        raise Trouble("No tests have run yet: make test")
    proved = proved_by(json.loads(LOG.read_text()))
    total = missing_total = 0
    for name, ids in _counted():
        missing = [one for one in ids if one not in proved]
        total, missing_total = total + len(ids), missing_total + len(missing)
        say(f"{name}: {len(ids) - len(missing)} of {len(ids)} named by a passing test")
        if missing:
            say(f"  missing: {', '.join(missing)}")
    say(f"All: {total - missing_total} of {total} named by a passing test")
    return 0


def documents() -> list[Path]:
    """The requirement documents that hold tables of IDs."""
    return [path for path in sorted(DOCUMENTS.glob("[0-9][0-9]-*.md")) if path.name[:2] != "00"]


def api_sections() -> list[str]:
    """The sections of the API's description, such as ``api-B.2``, in its order."""
    return [f"api-{found}" for found in SECTION.findall(API.read_text())]


def _counted() -> Iterator[tuple[str, list[str]]]:
    """Each document's name with its requirements."""
    for document in documents():
        yield document.stem, requirements_of(document)
    yield API.stem, api_sections()


def requirements_of(document: Path) -> list[str]:
    """The requirements of one document, such as ``04-BFM-07``, in its order."""
    return [name for heading, name in _rows(document) if heading == "ID"]


def known_ids() -> set[str]:
    """Everything that a test may name: requirements and decisions."""
    rows = {name for document in documents() for _heading, name in _rows(document)}
    return rows | set(api_sections())


def proved_by(tests: dict[str, dict[str, object]]) -> set[str]:
    """IDs that at least one test names and whose tests all passed."""
    outcomes: dict[str, list[bool]] = {}
    for test in tests.values():
        for name in test["ids"]:  # type: ignore[attr-defined]
            outcomes.setdefault(name, []).append(bool(test["passed"]))
    return {name for name, passed in outcomes.items() if all(passed)}


def _rows(document: Path) -> Iterator[tuple[str, str]]:
    """(heading of the first column, number of the document + ID) of each row with an ID."""
    heading = ""
    for line in document.read_text().splitlines():
        if not line.startswith("|"):
            heading = ""
            continue
        cell = line.split("|")[1].strip()
        heading = heading or cell
        if found := ID.fullmatch(cell):
            yield heading, f"{document.name[:2]}-{found[1]}"
