"""Readings on their way to the portal: as files of the native format, to the intake or to the feed."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from metering.choices import SourceKind
from metering.services import intakes
from partner_center.actors import Actor

from .rules import Meter, Reading, readings

#: Name of the source that simulated records come from.
SOURCE = "demo-meters"
HEAD = (
    "record_id",
    "customer_id",
    "product_id",
    "region",
    "resource_id",
    "resource_name",
    "usage",
    "size",
    "start",
    "end",
)
#: Records a file.
BATCH = 100_000


@dataclass
class Sent:
    """What became of the records."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0


def all_readings(
    meters: Iterable[Meter], begins: datetime, ends: datetime, seed: int
) -> Iterator[Reading]:
    """The records of all meters, hour by hour, as they would come in."""
    found = [r for meter in meters for r in readings(meter, begins, ends, seed)]
    return iter(sorted(found, key=lambda each: (each.ended_at, each.record_id)))


def send(actor: Actor, found: Iterator[Reading], *, rate: int = 0) -> Sent:
    """Hand the records to the intake, ``rate`` records a second; 0: as fast as it takes them."""
    sent = Sent()
    source = intakes.source_of(actor, SOURCE, SourceKind.NATIVE)
    with tempfile.TemporaryDirectory(prefix="usage-") as folder:
        while batch := list(islice(found, rate or BATCH)):
            path = Path(folder) / f"usage-until-{batch[-1].ended_at:%Y%m%d%H%M}.csv"
            write(path, batch)
            begun = time.monotonic()
            intake = intakes.take_file(actor, source, path)
            sent.accepted += intake.accepted
            sent.duplicates += intake.duplicates
            sent.rejected += intake.rejected
            if rate:
                time.sleep(max(0, 1 - (time.monotonic() - begun)))
    return sent


def write(path: Path, found: Iterable[Reading]) -> None:
    """A file of the native format."""
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEAD)
        lines.writerows(_row(each) for each in found)


def _row(each: Reading) -> tuple[object, ...]:
    meter = each.meter
    return (
        each.record_id,
        meter.customer_id,
        meter.product,
        meter.region,
        meter.resource_id,
        meter.resource_name,
        each.usage,
        "" if meter.size is None else meter.size,
        each.started_at.isoformat(),
        each.ended_at.isoformat(),
    )
