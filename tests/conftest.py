"""What every test stands on: its own Redis database, quick passwords, the cast."""

from __future__ import annotations

import gc
import os
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from . import cast as players
from . import rows

pytest_plugins = ["tests.requirement_log", "tests.browser"]


def _own_redis_database() -> None:
    """Give each xdist worker a Redis database of its own (pytest-django does so for PostgreSQL).

    The address also goes into the environment, for the processes that tests start.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return
    number = int(worker.removeprefix("gw")) + 1
    url = urlsplit(settings.REDIS_URL)._replace(path=f"/{number}").geturl()
    os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    settings.CACHES["default"]["LOCATION"] = url


def _copied_database() -> None:
    """Copy test databases from one that is migrated already, which ``make test`` makes."""
    if template := os.environ.get("TEST_TEMPLATE"):
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


_own_redis_database()
_copied_database()
# A real hash costs a quarter of a second for every member of the cast.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


#: Fixtures that end with emptied tables instead of a rolled-back transaction.
EMPTYING = {"transactional_db", "live_server", "django_db_reset_sequences"}


def _empties_tables(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    marker = item.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction"))
    return transactional or bool(EMPTYING & set(item.fixturenames))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that empty the tables back what the migrations wrote (the system roles).

    They run last: pytest groups tests by parameters of session fixtures (the browser) and so mixes
    them among those that count on these rows.
    """
    items.sort(key=_empties_tables)
    for item in filter(_empties_tables, items):
        item.add_marker(
            pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False
        )


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: no collection looks at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep what the migrations wrote where every connection finds it.

    Playwright runs an event loop in the thread of the tests, and Django gives code inside a loop
    connections of its own, which know nothing of what was kept at the first one.
    """
    from django.db import connections

    connection = connections["default"]
    contents = getattr(connection, "_test_serialized_contents", None)
    if contents is not None:
        type(connection)._test_serialized_contents = contents
    with django_db_blocker.unblock():
        rows.quicken_emptying()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Throttles and cached counts of one test must not reach the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def cast(db: None) -> players.Cast:
    """Tidemark Cloud and everybody around it (tests/cast.py)."""
    return players.gather()
