"""``manage.py seed_demo``: build the demo world; a second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import services
from partner_center.refusals import Refusal


class Command(BaseCommand):
    """Build the demo world."""

    help = "Build the demo world (demo mode only). Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            services.seed()
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
