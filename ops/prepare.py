"""``python -m ops.prepare <file>``: bring a database up to date, with one start of Django.

In demo mode it also fills in the demo world and writes the demo logins to the file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(accounts: Path) -> None:
    """Migrate; then, in demo mode, seed and list the logins."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partner_center.settings")
    django.setup()
    from django.conf import settings

    call_command("migrate", interactive=False)
    if settings.DEMO_MODE:
        call_command("seed_demo")
        with accounts.open("w") as file:
            call_command("demo_accounts", stdout=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
