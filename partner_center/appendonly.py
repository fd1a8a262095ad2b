"""Append-only tables: the database itself refuses UPDATE, DELETE and TRUNCATE.

An app marks a table in a migration: ``operations = [AppendOnly("OperationRecord")]``. A correction is
a new row that names the old one. TRUNCATE is let through only where the connection says
``partner_center.allow_truncate = on``, which the settings do while tests run and nowhere else, because
Django's test runner empties tables that way.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ALLOW_TRUNCATE = "partner_center.allow_truncate"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION partner_center_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('{ALLOW_TRUNCATE}', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused. A correction is a new row.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class AppendOnly(Operation):
    """Install the triggers on the table of one model of the migration's app."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model itself does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(_FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
            f"{schema_editor.quote_name(table)} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change()"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(
            f"DROP TRIGGER IF EXISTS append_only ON {schema_editor.quote_name(table)}"
        )

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_append_only"
