"""Create the search indexes that were left out because pg_trgm was not there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partner_center import trigrams


class Command(BaseCommand):
    """Safe to repeat; locks the tables against writing while it builds."""

    help = "Create search indexes that are missing (needs PostgreSQL's extension pg_trgm)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create them and say which."""
        added = trigrams.add_missing()
        for name in added:
            self.stdout.write(f"Created {name}")
        if left := trigrams.missing_indexes():
            self.stderr.write(f"{len(left)} left: this server has no extension pg_trgm.")
