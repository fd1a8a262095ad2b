"""Which billing cycle records are charged in, and the locks that keep cycles still meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from partner_center import clock
from partner_center.clock import BillingCycle

from ..models import ClosedCycle
from . import statements

_SHARE = "SELECT pg_advisory_xact_lock_shared(hashtext('metering.closing'), 0)"
_EXCLUDE = "SELECT pg_advisory_xact_lock(hashtext('metering.closing'), 0)"
_SHARE_CYCLE = (
    "SELECT pg_advisory_xact_lock_shared(hashtext('metering.cycle'), hashtext(%(cycle)s))"
)
_EXCLUDE_CYCLE = "SELECT pg_advisory_xact_lock(hashtext('metering.cycle'), hashtext(%(cycle)s))"


@dataclass(frozen=True)
class Calendar:
    """Closed cycles and, for each of them, the first open one after it."""

    closed: list[str]
    charged: list[str]

    def as_parameters(self) -> dict[str, list[str]]:
        """For statements that join ``unnest(closed, charged)``."""
        return {"closed": self.closed, "charged": self.charged}


def read() -> Calendar:
    """The calendar as it stays until the transaction ends: nobody closes a cycle meanwhile."""
    statements.rows(_SHARE)
    closed = set(ClosedCycle.objects.values_list("cycle", flat=True))
    ordered = sorted(closed)
    return Calendar(ordered, [_open_after(cycle, closed) for cycle in ordered])


def hold_open() -> None:
    """Wait for all who write charges and keep new ones out until the transaction ends."""
    statements.rows(_EXCLUDE)


def share(cycles: Iterable[str]) -> None:
    """Keep rebuilds of these cycles out until the transaction ends; their partitions are there."""
    for cycle in sorted(cycles):
        statements.rows(_SHARE_CYCLE, {"cycle": cycle})
        statements.rows("SELECT metering_charge_partition(%(cycle)s)", {"cycle": cycle})


def take(cycle: str) -> None:
    """Keep everybody else out of the charges of one cycle until the transaction ends."""
    statements.rows(_EXCLUDE_CYCLE, {"cycle": cycle})
    statements.rows("SELECT metering_charge_partition(%(cycle)s)", {"cycle": cycle})


def _open_after(cycle: str, closed: set[str]) -> str:
    following = BillingCycle.parse(cycle).next()
    while str(following) in closed:
        following = following.next()
    return str(following)


def place(known: Calendar, moment: datetime, accepted_at: datetime) -> tuple[str, str, date]:
    """Cycle, origin cycle and day that something of ``moment`` counts for, GMT+08:00.

    What comes late counts for the first open cycle, on the day of its acceptance if that lies in it,
    else on the nearest day that does.
    """
    cycle = BillingCycle.of(moment)
    if str(cycle) not in known.closed:
        return str(cycle), "", clock.business_date(moment)
    charged = BillingCycle.parse(dict(zip(known.closed, known.charged, strict=True))[str(cycle)])
    first, last = date(charged.year, charged.month, 1), _last_day(charged)
    return str(charged), str(cycle), min(max(clock.business_date(accepted_at), first), last)


def _last_day(cycle: BillingCycle) -> date:
    return date(cycle.year, cycle.month, cycle.days)
