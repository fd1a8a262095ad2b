"""Readings on their way to the portal: as files of the native format, to the intake or to the feed."""

from __future__ import annotations

import csv
import io
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db.models import Max

from metering.choices import SourceKind
from metering.models import UsageRecord
from metering.services import intakes
from partner_center.actors import Actor

from .feed import Feed
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
#: Records a file, and a batch of the feed.
BATCH = 100_000
FEED_BATCH = 10_000


@dataclass
class Sent:
    """What became of the records."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def add(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Count one batch more."""
        self.accepted += accepted
        self.duplicates += duplicates
        self.rejected += rejected


def all_readings(
    meters: Iterable[Meter], begins: datetime, ends: datetime, seed: int
) -> Iterator[Reading]:
    """The records of all meters, hour by hour, as they would come in."""
    found = [r for meter in meters for r in readings(meter, begins, ends, seed)]
    return iter(sorted(found, key=lambda each: (each.ended_at, each.record_id)))


def send(
    actor: Actor, found: Iterator[Reading], *, rate: int = 0, feed: Feed | None = None
) -> Sent:
    """Hand the records to the feed, or to the intake where none is given.

    ``rate`` records a second; 0: as fast as they are taken.
    """
    sent = Sent()
    while batch := list(islice(found, rate or (FEED_BATCH if feed else BATCH))):
        begun = time.monotonic()
        content = native(batch)
        figures = _to_feed(feed, content) if feed else _to_intake(actor, content, batch[-1])
        sent.add(*figures)
        if rate:
            time.sleep(max(0, 1 - (time.monotonic() - begun)))
    return sent


def last_hour() -> datetime | None:
    """End of the newest simulated record; None: there is none."""
    return UsageRecord.objects.filter(source__name=SOURCE).aggregate(last=Max("ended_at"))["last"]


def native(found: Iterable[Reading]) -> str:
    """The records in the native format."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEAD)
    lines.writerows(_row(each) for each in found)
    return text.getvalue()


def _to_feed(feed: Feed, content: str) -> tuple[int, int, int]:
    answer = feed.send(SOURCE, content.encode())
    return answer["accepted"], answer["duplicate"], answer["rejected"]


def _to_intake(actor: Actor, content: str, last: Reading) -> tuple[int, int, int]:
    source = intakes.source_of(actor, SOURCE, SourceKind.NATIVE)
    with tempfile.TemporaryDirectory(prefix="usage-") as folder:
        path = Path(folder) / f"usage-until-{last.ended_at:%Y%m%d%H%M}.csv"
        path.write_text(content)
        intake = intakes.take_file(actor, source, path)
    return intake.accepted, intake.duplicates, intake.rejected


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
