"""Rules of exports over plain values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from partner_center.clock import BUSINESS_ZONE

#: How long a file is kept (05 EXP, states).
KEPT = timedelta(days=7)
#: A task without a sign of life for so long is looked after by the sweep.
SILENCE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
MOST_UNFINISHED = 20


def download_name(title: str, created_at: datetime, file_format: str) -> str:
    """Name of the downloaded file: ``Members 2026-11-20 142000.csv``, in GMT+08:00."""
    words = re.sub(r"[^\w ().-]+", " ", title).strip() or "Export"
    return f"{words} {created_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H%M%S}.{file_format}"


def seconds_left(running: timedelta, done: int, total: int | None) -> int | None:
    """Seconds to the end at the pace so far; None when nothing can be said yet."""
    seconds = running.total_seconds()
    if not total or not done or seconds < 1:
        return None
    return max(0, round(seconds * (total - done) / done))
