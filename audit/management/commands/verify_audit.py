"""Check the audit trail: any changed, removed or inserted record is named."""

from __future__ import annotations

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import verification
from audit.queries import find_account_id
from audit.sealing import Head

SHOWN = 1_000


class Command(BaseCommand):
    """Exit code 0: the trail is whole. 1: it is not; every finding stands on its own line."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--account", help="Check the records of this account (name or ID) only."
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            help="A head that was kept elsewhere, position:hash; the chain must contain it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start = monotonic()
        run = verification.verify(
            _account(options["account"]), [_head(text) for text in options["head"]]
        )
        wrong = 0
        for finding in run.findings():
            wrong += 1
            if wrong <= SHOWN:
                self.stdout.write(f"{finding.kind}: {finding.sentence}")
        seconds = monotonic() - start
        if wrong > SHOWN:
            self.stdout.write(f"… and {wrong - SHOWN} more.")
        if wrong:
            raise CommandError(f"{wrong} findings in {run.records} records ({seconds:.1f} s).")
        self.stdout.write(f"{run.records} records, all as written ({seconds:.1f} s).")
        if run.head:
            self.stdout.write(f"Head of the chain: {run.head}")


def _account(text: str | None) -> int | None:
    if not text:
        return None
    found = find_account_id(text)
    if found is None:
        raise CommandError(f"There is no account {text}.")
    return found


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
