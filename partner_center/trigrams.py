"""Indexes that find parts of words in long lists, where PostgreSQL has the extension pg_trgm.

pg_trgm belongs to every usual installation of PostgreSQL, but not to the small one of ``make run``
and ``make test``. Search is right without it and only slower; so its absence is no error:
``TrigramIndex`` is not created then, and ``manage.py add_search_indexes`` creates it later.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core import checks
from django.db import connection, connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunSQL
from django.db.models.functions import Upper

_IF_PRESENT = """
DO $trigrams$ BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        {statement};
    END IF;
END $trigrams$
"""
ENABLE = """
DO $trigrams$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    END IF;
END $trigrams$
"""


def enable_trigrams() -> RunSQL:
    """Migration operation: the extension, where the server has it."""
    return RunSQL(ENABLE, RunSQL.noop)


class TrigramIndex(GinIndex):
    """Finds parts of these columns as ``icontains`` compares them, in upper case."""

    def __init__(self, *columns: str, **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(
            *(OpClass(Upper(column), name="gin_trgm_ops") for column in columns), **kwargs
        )

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Written into migrations by its columns."""
        path, _expressions, kwargs = super().deconstruct()
        return path, self.columns, kwargs

    def create_sql(  # type: ignore[override]
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> str:
        """The statement, carried out where the extension is."""
        statement = super().create_sql(model, schema_editor, using=using, **kwargs)
        return _IF_PRESENT.format(statement=statement)

    def remove_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any
    ) -> str:
        """Nothing to remove is fine as well."""
        return f"DROP INDEX IF EXISTS {schema_editor.quote_name(self.name)}"


def all_indexes() -> list[tuple[type[models.Model], TrigramIndex]]:
    """Trigram indexes of the models, each with its model."""
    return [
        (model, index)
        for model in apps.get_models()
        for index in model._meta.indexes
        if isinstance(index, TrigramIndex)
    ]


def missing_indexes() -> list[tuple[type[models.Model], TrigramIndex]]:
    """Trigram indexes of the models that the database does not have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        present = {name for (name,) in cursor.fetchall()}
    return [(model, index) for model, index in all_indexes() if index.name not in present]


def add_missing() -> list[str]:
    """Create the extension and what is missing; returns the names of the new indexes."""
    wanted = missing_indexes()
    with connection.schema_editor() as editor:
        editor.execute(ENABLE)
        for model, index in wanted:
            editor.add_index(model, index)
    still = {index.name for _model, index in missing_indexes()}
    return [index.name for _model, index in wanted if index.name not in still]


@checks.register(checks.Tags.database)
def check_search_indexes(databases: Any = None, **_more: Any) -> list[checks.CheckMessage]:
    """Say that search in long lists is slow (``manage.py check --database default``)."""
    if not databases or "default" not in databases:
        return []
    tables = connections["default"].introspection.table_names()
    if "accounts_account" not in tables or not missing_indexes():
        return []
    return [
        checks.Warning(
            "Search indexes are missing: searching long lists for parts of words is slow.",
            hint="Install PostgreSQL's extension pg_trgm and run manage.py add_search_indexes.",
            id="partner_center.W020",
        )
    ]
