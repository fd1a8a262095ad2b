"""FOCUS files for tests, and what plain Python makes of them.

``FOCUS_FILE`` names a real file that is taken too, beside the small one of this folder.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from catalog.rules.pricing import EXACT

from ..cast import Cast

SMALL = Path(__file__).parent / "data" / "focus_small.csv"
FILES = [SMALL, *([Path(os.environ["FOCUS_FILE"])] if "FOCUS_FILE" in os.environ else [])]
#: Lines of the small file that must not go in: another currency, an account of nobody.
REFUSED = {9, 10}


def good_rows(file: Path) -> list[dict[str, str]]:
    """The rows that must go in."""
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    skipped = REFUSED if file == SMALL else set()
    return [row for number, row in enumerate(rows, 1) if number not in skipped]


def map_accounts(cast: Cast, file: Path, folder: Path) -> Path:
    """All sub-accounts in turn to the three customers; one of the small file to nobody."""
    customers = [cast.harborline, cast.delta, cast.quarry]
    path = folder / "map.csv"
    names = sorted({row["SubAccountId"] for row in good_rows(file)})
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sub_account_id", "customer_id"])
        writer.writerows([name, customers[n % 3].public_id] for n, name in enumerate(names))
    return path


def write(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A file with these rows."""
    found = list(rows)
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


def of_sub_accounts(rows: Iterable[Mapping[str, str]]) -> dict[str, Decimal]:
    """List cost of each sub-account, with Python's decimals alone."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        name = row["SubAccountId"]
        sums[name] = EXACT.add(sums[name], Decimal(row["ListCost"]))
    return dict(sums)
