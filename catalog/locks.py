"""Locks of the catalogue. It is one book with few writers: they wait for each other."""

from __future__ import annotations

from django.db import connection


def lock_catalogue() -> None:
    """Let only one transaction at a time change the catalogue; whoever writes decides after this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog', 0))")
