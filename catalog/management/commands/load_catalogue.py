"""``manage.py load_catalogue [FOLDER]``: load the catalogue from CSV files; again: nothing changes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.queries.actors import operator_job
from catalog.services import importing
from partner_center.refusals import Refusal

SHOWN = 1_000


class Command(BaseCommand):
    """Good lines go in; each other line is named with its reason, and the exit code is 1."""

    help = "Load the catalogue from CSV files (docs/mechanisms/catalogue.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=importing.OWN_FOLDER,
            help="default: the one of the portal",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = importing.load_folder(operator_job("load_catalogue"), options["folder"])
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for report in reports:
            self.stdout.write(
                f"{report.sheet}: {report.added} added, {report.changed} changed, "
                f"{report.unchanged} unchanged, {len(report.problems)} refused"
            )
            for problem in report.problems[:SHOWN]:
                self.stderr.write(f"{report.sheet}.csv: {problem}")
        if refused := sum(len(report.problems) for report in reports):
            raise CommandError(f"{refused} lines did not go in.")
