"""Check all budgets and quotas now, or as of a moment: thresholds are told, what is used up freezes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.services import alerting, checking, consumption
from partner_center import clock


class Command(BaseCommand):
    """``check_budgets [--at ISO]``: prints what was done as one line of JSON; safe to repeat."""

    help = "Check all budgets: tell thresholds, freeze where a budget is exhausted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", type=_moment, help="moment with offset (2026-12-01T00:00:00+08:00); default now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        moment = options["at"] or clock.now()
        outcome, quotas = checking.check_all(moment), consumption.check(moment)
        done = asdict(outcome) | {f"quota_{name}": n for name, n in asdict(quotas).items()}
        self.stdout.write(json.dumps(done | {"told": alerting.tell_pending()}))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--at: {text!r} is no ISO moment") from error
    if moment.tzinfo is None:
        raise CommandError("--at: name the offset, as in 2026-12-01T00:00:00+08:00")
    return moment
