"""Issue the bills of a cycle now, of all partners or of one."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.queries.actors import operator_job
from accounts.queries.operating import account_id_of
from billing.services import running
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import Refusal


class Command(BaseCommand):
    """``generate_bills --cycle YYYY-MM [--partner NAME] [--threads N]``.

    Prints JSON, ends with 1 if any partner is parked.
    """

    help = "Issue the bills of a billing cycle; safe to repeat, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cycle", required=True, help="billing cycle, YYYY-MM (GMT+08:00)")
        parser.add_argument("--partner", help="account name of one partner")
        parser.add_argument(
            "--threads",
            type=int,
            choices=range(1, 65),
            metavar="N",
            default=settings.BILL_RUN_THREADS,
            help="how many threads work on it together (BILL_RUN_THREADS)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cycle = BillingCycle.parse(options["cycle"])
            outcome = running.generate(
                operator_job("bill run"),
                cycle,
                clock.now(),
                account_id=_partner(options["partner"]),
                threads=options["threads"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(json.dumps({"cycle": str(cycle), **asdict(outcome)}))
        if outcome.parked:
            raise SystemExit(1)


def _partner(name: str | None) -> int | None:
    """The partner that was named. Raises CommandError for a name that nobody has."""
    if not name:
        return None
    if (account_id := account_id_of(name)) is None:
        raise CommandError(f"There is no account named {name}.")
    return account_id
