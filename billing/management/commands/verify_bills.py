"""Check the books of a billed cycle: sums, taxes, coupons, invoices, payments, packages."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.services import verifying
from partner_center.clock import BillingCycle


class Command(BaseCommand):
    """``verify_bills --cycle YYYY-MM``: prints a JSON line a check, ends with 1 if one fails."""

    help = "Check everything that must hold of the bills of a cycle; changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cycle", required=True, help="billing cycle, YYYY-MM (GMT+08:00)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cycle = BillingCycle.parse(options["cycle"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        findings = verifying.verify(cycle)
        for finding in findings:
            self.stdout.write(json.dumps(asdict(finding) | {"ok": not finding.count}))
        if any(finding.count for finding in findings):
            raise SystemExit(1)
