"""Take in a file of usage records: exactly once, resumed where an earlier attempt was killed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Account
from metering.choices import SourceKind
from metering.models import Intake
from metering.services import accounts_map, intakes, reading
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import Refusal


class Command(BaseCommand):
    """Prints one line of JSON with the figures of the file; progress goes to standard error."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", required=True, choices=[SourceKind.NATIVE, SourceKind.FOCUS]
        )
        parser.add_argument("--source", help="who sends the records; the name of the format")
        parser.add_argument(
            "--accounts",
            type=Path,
            help="CSV sub_account_id,customer_id (or account_name) of a FOCUS file",
        )
        parser.add_argument(
            "--shift-months",
            type=int,
            default=0,
            help="move charge periods of a FOCUS file by whole months, for rehearsals",
        )
        parser.add_argument(
            "--shift-to",
            help="move them so that the first row falls into this month, YYYY-MM (UTC)",
        )
        parser.add_argument("--chunk", type=int, default=reading.CHUNK, help="lines a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        only = ("accounts", "shift_months", "shift_to")
        if options["format"] != SourceKind.FOCUS and any(options[name] for name in only):
            names = ", ".join(f"--{name.replace('_', '-')}" for name in only)
            raise CommandError(f"{names} are for --format focus only.")
        if options["shift_months"] and options["shift_to"]:
            raise CommandError("Say --shift-months or --shift-to, not both.")
        if options["chunk"] < 1 or not -1200 <= options["shift_months"] <= 1200:
            raise CommandError("--chunk must be at least 1, --shift-months at most 1200.")
        try:
            intake = self._take(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        self.stdout.write(json.dumps(figures(intake)))

    def _take(self, options: dict[str, Any]) -> Intake:
        actor = _actor()
        source = intakes.source_of(actor, options["source"] or options["format"], options["format"])
        if options["accounts"]:
            with options["accounts"].open(encoding="utf-8-sig", newline="") as lines:
                accounts_map.import_map(actor, source, lines)
        return intakes.take_file(
            actor,
            source,
            options["file"],
            shift_months=shift_of(options),
            size=options["chunk"],
            progress=self._progress,
        )

    def _progress(self, intake: Intake) -> None:
        self.stderr.write(
            f"{intake.lines_done} lines: {intake.accepted} accepted, {intake.duplicates} duplicate, "
            f"{intake.rejected} rejected"
        )


def shift_of(options: dict[str, Any]) -> int:
    """By how many months charge periods are moved. Raises ValueError, WrongFormat."""
    if not options["shift_to"]:
        months: int = options["shift_months"]
        return months
    wanted, first = BillingCycle.parse(options["shift_to"]), reading.first_month(options["file"])
    return (wanted.year - first.year) * 12 + wanted.month - first.month


def figures(intake: Intake) -> dict[str, Any]:
    """What is printed of an intake; the list cost in USD as an exact decimal text."""
    return {
        "accepted": intake.accepted,
        "duplicate": intake.duplicates,
        "rejected": intake.rejected,
        "list_cost": plain(intake.list_cost),
        "intake": intake.pk,
    }


def plain(amount: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _actor() -> Actor:
    operator = Account.objects.filter(is_operator=True).order_by("pk").first()
    if operator is None:
        raise CommandError("Create the operator's account first: manage.py create_operator.")
    return Actor.system("ingest_usage", operator.pk, operator.name)
