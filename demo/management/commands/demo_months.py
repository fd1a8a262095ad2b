"""``manage.py demo_months``: the months of the README's tour, as a shell takes them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.queries import tour_months
from partner_center import clock
from partner_center.refusals import Refusal


class Command(BaseCommand):
    """Print ``THIS_MONTH=YYYY-MM UNBILLED=YYYY-MM`` (GMT+08:00).

    UNBILLED is the month before the usage of the demo world: terms and partnerships reach back to it,
    and no bill run has been made for it.
    """

    help = "Print the current month and the one that is left to be billed by hand (demo mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            now, unbilled = tour_months(clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"THIS_MONTH={now} UNBILLED={unbilled}")
