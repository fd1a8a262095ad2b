"""Search by parts of words, with and without PostgreSQL's extension pg_trgm."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from partner_center import trigrams
from tests.customers.management import LIST, client_of, customer, names

pytestmark = pytest.mark.django_db

INDEXES = {"account_parts", "association_tag_parts", "realname_name_parts"}
MIGRATIONS = (
    ("accounts", "0009_search_indexes"),
    ("customers", "0006_list_indexes"),
    ("realname", "0002_name_parts"),
)


def _run(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _present() -> set[str]:
    """The trigram indexes that the database has."""
    return INDEXES & {name for (name,) in _run("SELECT indexname FROM pg_indexes")}


def _has_extension() -> bool:
    return bool(_run("SELECT name FROM pg_available_extensions WHERE name = 'pg_trgm'"))


def _warnings() -> list[str]:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [message.id for message in found]


def _add_search_indexes() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("add_search_indexes", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def left_out(db) -> None:
    """The database as a server without the extension has migrated it."""
    _run("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
    assert _present() == set()


@pytest.fixture
def no_extension(left_out) -> None:
    """A server that does not offer the extension, whatever this one offers."""
    _run("CREATE TEMPORARY VIEW pg_available_extensions AS SELECT '' AS name WHERE false")
    assert not _has_extension()


def _migrate_again(app: str, name: str) -> None:
    """Run this migration once more, on tables without its indexes."""
    loader = MigrationLoader(connection)
    migration = loader.get_migration(app, name)
    for operation in migration.operations:
        if index := getattr(operation, "index", None):
            _run(f"DROP INDEX IF EXISTS {index.name}")
    with connection.schema_editor() as editor:
        migration.apply(loader.project_state((app, name), at_end=False), editor)


def test_the_models_name_the_indexes_that_are_tested_here(left_out) -> None:
    assert {index.name for _model, index in trigrams.missing_indexes()} == INDEXES


def test_migrations_create_the_indexes_where_the_extension_is(left_out) -> None:
    for app, name in MIGRATIONS:
        _migrate_again(app, name)
    assert _present() == (INDEXES if _has_extension() else set())


def test_migrations_run_where_the_extension_is_not(no_extension) -> None:
    for app, name in MIGRATIONS:
        _migrate_again(app, name)
    assert _present() == set()
    plain = _run("SELECT indexname FROM pg_indexes WHERE indexname = 'account_name_order'")
    assert plain == [("account_name_order",)]


@pytest.mark.requirement("04-CUS-02")
@pytest.mark.parametrize("query", ["q=RAL-re", "tag=ETAI", "mobile={mobile}"])
def test_customers_are_found_by_parts_without_the_extension(no_extension, cast, query) -> None:
    found = customer(cast.tidemark, "coral-reef", custom_tag="Retail")
    address = f"{LIST}?{query.format(mobile=found.customer.bound_mobile[-6:])}"
    assert names(client_of(cast.mara), address) == ["coral-reef"]


def test_missing_indexes_are_warned_about_until_they_are_there(left_out) -> None:
    assert _warnings() == ["partner_center.W020"]
    _add_search_indexes()
    assert _warnings() == ([] if _has_extension() else ["partner_center.W020"])


def test_a_check_without_the_database_says_nothing(left_out) -> None:
    assert trigrams.check_search_indexes() == []


def test_add_search_indexes_creates_them_where_the_extension_is(left_out) -> None:
    printed, trouble = _add_search_indexes()
    if _has_extension():
        assert {line.removeprefix("Created ") for line in printed.splitlines()} == INDEXES
        assert (_present(), trouble) == (INDEXES, "")
    else:
        assert printed == ""
        assert trouble == "3 left: this server has no extension pg_trgm.\n"


def test_add_search_indexes_says_what_is_left_where_the_extension_is_not(no_extension) -> None:
    assert _add_search_indexes() == ("", "3 left: this server has no extension pg_trgm.\n")
    assert _present() == set()


def test_add_search_indexes_may_be_repeated(left_out) -> None:
    first = _add_search_indexes()
    again = _add_search_indexes()
    assert again == (("", "") if _has_extension() else first)
