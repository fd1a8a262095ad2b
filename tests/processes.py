"""Processes that a test starts on its own database."""

from __future__ import annotations

import os

from django.db import connection


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that works on the test database."""
    database = connection.settings_dict
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return os.environ | {
        "TESTING": "1",
        "DJANGO_SETTINGS_MODULE": "partner_center.settings",
        "DATABASE_URL": (
            f"postgresql://{database['USER']}{password}@{database['HOST']}:"
            f"{database['PORT']}/{database['NAME']}"
        ),
        **more,
    }
