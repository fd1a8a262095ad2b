"""``manage.py simulate_usage``: usage of the demo customers, as their meters would send it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import services
from demo.refusals import NoDemo
from demo.seeding.customers import CUSTOMERS
from demo.simulating import fleet, sending
from demo.simulating.feed import Feed
from demo.world import TENANTS
from partner_center import clock
from partner_center.refusals import Refusal

#: The seed of the demo world's own history: with it, a record that is there already is a duplicate.
DEFAULT_SEED = 1


class Command(BaseCommand):
    """Send believable hourly usage of the running pay-per-use resources (demo mode only).

    The same seed gives the same records under the same keys, so that a second run over the same hours
    finds duplicates only. Without ``--hours`` it goes on from the newest record. Prints accepted,
    duplicate and rejected as one line of JSON, and beside it, when nothing was new, what to do.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours",
            type=int,
            help="how many hours, at least 1; since the last simulated one when absent",
        )
        parser.add_argument("--until", help="ISO time at which they end; now when absent")
        parser.add_argument(
            "--rate", type=int, default=0, help="records a second; as fast as possible when absent"
        )
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument(
            "--server", help="send through the public feed of this portal, http://127.0.0.1:8000"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError(NoDemo().sentence)
        hours = options["hours"]
        if (hours is not None and hours < 1) or options["rate"] < 0:
            raise CommandError("--hours must be at least 1, --rate not negative.")
        ends = _moment(options["until"])
        begins = _start(hours, ends)
        meters = fleet.meters(tuple(row[0] for row in CUSTOMERS))
        found = sending.all_readings(meters, begins, ends, options["seed"])
        tenant = next(t for t in TENANTS if t.is_operator)
        server = options["server"]
        feed = Feed(server, tenant.ak, tenant.sk) if server else None
        operator = services.main_actor(tenant.name)
        try:
            sent = sending.send(operator, found, rate=options["rate"], feed=feed)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        figures = {
            "accepted": sent.accepted,
            "duplicate": sent.duplicates,
            "rejected": sent.rejected,
        }
        self.stdout.write(json.dumps(figures))
        if not sent.accepted and not sent.rejected:
            self.stderr.write(_nothing_new(begins, ends))


def _start(hours: int | None, ends: datetime) -> datetime:
    """So many hours before the end; else from the newest record on, or a day before the end."""
    if hours:
        return ends - timedelta(hours=hours)
    last = sending.last_hour()
    return min(last, ends) if last else ends - timedelta(days=1)


def _nothing_new(begins: datetime, ends: datetime) -> str:
    """What to do when there was no new record."""
    first, last = (
        f"{moment.astimezone(clock.BUSINESS_ZONE):%Y-%m-%d %H:%M %Z}" for moment in (begins, ends)
    )
    return (
        f"Nothing is new: every full hour from {first} to {last} is in already. A record comes in "
        "when its hour is over, and usage of the future is refused. Run it again after the next full "
        "hour, name another time with --until, or send more usage of the same hours with another --seed."
    )


def _moment(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--until is an ISO time, such as 2026-11-20T12:00:00+08:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.BUSINESS_ZONE)
