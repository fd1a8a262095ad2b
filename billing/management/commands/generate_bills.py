"""Issue the bills of a cycle now, of all partners or of one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
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

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """``generate_bills --cycle YYYY-MM [--partner NAME] [--processes N]``.

    Prints JSON, ends with 1 if any partner is parked.
    """

    help = "Issue the bills of a billing cycle; safe to repeat, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cycle", required=True, help="billing cycle, YYYY-MM (GMT+08:00)")
        parser.add_argument("--partner", help="account name of one partner")
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.BILL_RUN_PROCESSES,
            help="how many work on it together (BILL_RUN_PROCESSES)",
        )
        parser.add_argument(
            "--share",
            type=_share,
            help="K/N: be the helper that begins at every N-th partner from K",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cycle = BillingCycle.parse(options["cycle"])
            account_id = _partner(options["partner"])
            if (share := options["share"]) is not None:
                outcome = _generate(cycle, account_id, share)
            else:
                outcome = generate(cycle, account_id, max(options["processes"], 1))
        except ValueError as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(json.dumps({"cycle": str(cycle), **asdict(outcome)}))
        if outcome.parked:
            raise SystemExit(1)


def generate(cycle: BillingCycle, account_id: int | None, processes: int) -> running.Outcome:
    """Issue the bills of a cycle, by one process or with others like it. Raises as the run does."""
    if processes == 1 or account_id is not None:
        return _generate(cycle, account_id, running.WHOLE)
    before = running.bills_of(cycle)
    helpers = [_helper(cycle, f"{place}/{processes}") for place in range(1, processes)]
    try:
        _generate(cycle, None, running.Share(0, processes))
    finally:
        for helper in helpers:
            # 1: it has parked somebody, as its own output says.
            if (code := helper.wait()) not in (0, 1):
                logger.error("A helper of the run of %s ended with %s", cycle, code)
    return running.outcome_of(str(cycle), running.bills_of(cycle) - before)


def _generate(cycle: BillingCycle, account_id: int | None, share: running.Share) -> running.Outcome:
    actor = operator_job("bill run")
    return running.generate(actor, cycle, clock.now(), account_id=account_id, share=share)


def _helper(cycle: BillingCycle, share: str) -> subprocess.Popen[bytes]:
    """Another process at the same run; what it leaves undone, the others do."""
    manage = str(settings.BASE_DIR / "manage.py")
    command = [sys.executable, manage, "generate_bills", "--cycle", str(cycle), "--share", share]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603


def _share(text: str) -> running.Share:
    """K/N as a share. Raises ValueError."""
    place, of = (int(part) for part in text.split("/"))
    if not 0 <= place < of:
        raise ValueError(f"{text} is no share")
    return running.Share(place, of)


def _partner(name: str | None) -> int | None:
    """The partner that was named. Raises CommandError for a name that nobody has."""
    if not name:
        return None
    if (account_id := account_id_of(name)) is None:
        raise CommandError(f"There is no account named {name}.")
    return account_id
