"""``/healthz``: this process lives. ``/readyz``: it can serve, because what it needs is there.

Both are for load balancers, containers and ``make run``; they show nothing about any tenant.
"""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

#: Seconds after which an unreachable Redis counts as missing.
PATIENCE = 2


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when everything is there; otherwise 503 and, per part, what is wrong."""
    parts = {name: look() for name, look in PARTS.items()}
    ready = not any(parts.values())
    answer = {
        "status": "ready" if ready else "not ready",
        "parts": {name: wrong or "ok" for name, wrong in parts.items()},
    }
    return JsonResponse(answer, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return ""


def _redis() -> str:
    for url in {settings.REDIS_URL, settings.CELERY_BROKER_URL}:
        try:
            with redis.Redis.from_url(
                url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            ) as client:
                client.ping()
        except redis.RedisError:
            return "does not answer"
    return ""


class _Migrations:
    """Whether all migrations are applied; once they are, this process need not ask again."""

    applied = False

    def __call__(self) -> str:
        if not self.applied:
            try:
                self.applied = not self._missing()
            except DatabaseError:
                return "unknown, the database does not answer"
        return "" if self.applied else "not applied: manage.py migrate"

    def _missing(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


#: What is asked, in this order; each gives what is wrong, or nothing.
PARTS: dict[str, Callable[[], str]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _Migrations(),
}
