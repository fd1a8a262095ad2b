"""``manage.py encrypt_again``: after a new key was put in front of FIELD_ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services import stored_secrets


class Command(BaseCommand):
    """Encrypt all secrets under the first encryption key, so that older keys can be taken away."""

    help = "Encrypt all secrets under the first of FIELD_ENCRYPTION_KEYS"

    def handle(self, *args: Any, **options: Any) -> None:
        done = stored_secrets.encrypt_all_again()
        words = ", ".join(f"{count} {label}" for label, count in done.items())
        self.stdout.write(f"Encrypted again: {words}")
