"""The one way from resolved records to charges and roll-ups, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from ..signals import spend_changed
from . import calendar, charging, rating, recording, rollups, statements
from .recording import Written

_CYCLES = "SELECT DISTINCT cycle FROM metering_resolved WHERE id IS NOT NULL"
_CHANGED = "SELECT cycle, array_agg(DISTINCT customer_id) FROM metering_sum GROUP BY cycle"


def post(moment: datetime) -> Written:
    """Write the resolved records with their charges and roll-ups, and tell who listens.

    Parties and prices are filled, and customers locked if anything of them is used up.
    """
    cycles = [cycle for (cycle,) in statements.rows(_CYCLES)]
    calendar.share(cycles)
    written = recording.write()
    if written.accepted:
        rating.cover()
        charging.charge(written.accepted, charging.table_of(cycles))
        rollups.add(moment)
        _tell(moment)
    return written


def _tell(moment: datetime) -> None:
    for cycle, customers in statements.rows(_CHANGED):
        spend_changed.send(
            "metering", cycle=cycle, customer_ids=frozenset(customers), moment=moment
        )
