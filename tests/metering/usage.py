"""Usage files for tests, and taking them in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command

from accounts.models import Account
from metering.choices import SourceKind
from metering.models import Intake, SubAccount, UsageSource
from metering.services import intakes
from partner_center.actors import Actor

from ..cast import Cast

HOUR = ("2026-10-01T08:00:00+08:00", "2026-10-01T09:00:00+08:00")


def record(customer: Account, number: int | str, **changes: Any) -> dict[str, Any]:
    """One hour of Harborline's host in Singapore, unless it is changed."""
    return {
        "record_id": f"r{number}",
        "customer_id": customer.public_id,
        "product_id": "host-usage",
        "region": "ap-southeast-3",
        "resource_id": "i-1",
        "resource_name": "web-1",
        "usage": "3600",
        "start": HOUR[0],
        "end": HOUR[1],
    } | changes


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """A CSV with every column that any row has."""
    found = list(rows)
    names = list(dict.fromkeys(name for row in found for name in row))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(found)
    return path


def write_json(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def system() -> Actor:
    """A job of the operator."""
    operator = Account.objects.get(is_operator=True)
    return Actor.system("test", operator.pk, operator.name)


def take(path: Path, *, kind: str = SourceKind.NATIVE, size: int = 50_000, **more: Any) -> Intake:
    """Take in a file."""
    return intakes.take_file(
        system(), intakes.source_of(system(), kind, kind), path, size=size, **more
    )


def ingest(path: Path, *arguments: str) -> dict[str, Any]:
    """What the command prints."""
    out = io.StringIO()
    call_command("ingest_usage", str(path), *arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def one_of_each(cast: Cast) -> None:
    """A source with a sub-account, an intake with a charge and a rejected line; goods are there."""
    rows = [record(cast.harborline, 1), record(cast.harborline, 2, customer_id="nobody")]
    with TemporaryDirectory() as folder:
        take(write_csv(Path(folder) / "tidemark.csv", rows))
    SubAccount.objects.create(
        source=UsageSource.objects.get(name="native"),
        sub_account_id="tidemark-1",
        customer=cast.harborline,
    )
