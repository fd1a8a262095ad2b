"""``manage.py simulate_usage --hours N``: usage of the demo customers, as their meters would send it."""

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
    finds duplicates only. Prints accepted, duplicate and rejected as one line of JSON.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, required=True, help="how many hours, at least 1")
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
        if options["hours"] < 1 or options["rate"] < 0:
            raise CommandError("--hours must be at least 1, --rate not negative.")
        ends = _moment(options["until"])
        begins = ends - timedelta(hours=options["hours"])
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


def _moment(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--until is an ISO time, such as 2026-11-20T12:00:00+08:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.BUSINESS_ZONE)
