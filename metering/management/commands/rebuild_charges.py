"""Make the charges and roll-ups of a billing cycle again from its records, and compare."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Account
from metering.services import rebuilding
from partner_center import clock
from partner_center.actors import Actor


class Command(BaseCommand):
    """Prints one line of JSON; exit code 1 when anything differs from what was there.

    The charges of an open cycle are replaced; those of a closed one are only compared. Killed at any
    point, it leaves everything as it was.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cycle", required=True, help="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        operator = Account.objects.filter(is_operator=True).order_by("pk").first()
        if operator is None:
            raise CommandError("Create the operator's account first: manage.py create_operator.")
        actor = Actor.system("rebuild_charges", operator.pk, operator.name)
        try:
            outcome = rebuilding.rebuild(actor, options["cycle"], clock.now())
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(outcome.as_dict()))
        if not outcome.equal:
            raise SystemExit(1)
