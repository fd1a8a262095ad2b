"""The content of a record as it is hashed, in Python and in SQL: both lists are one.

Each entry is a column and the SQL expression that prints it as we do in :func:`values_of`. Adding a
column means a new layout number in ``audit.rules``, not a change of this order.
"""

from __future__ import annotations

from . import rules
from .models import OperationRecord
from .rules import Json

CONTENT = (
    ("uid", "r.uid::text"),
    ("account_id", "r.account_id"),
    ("at", "(extract(epoch from r.at) * 1000000)::bigint"),
    ("action", "r.action"),
    ("actor_account_id", "r.actor_account_id"),
    ("actor_user_id", "r.actor_user_id"),
    ("actor_name", "r.actor_name"),
    ("door", "r.door"),
    ("ip", "host(r.ip)"),
    ("request_id", "r.request_id"),
    ("code_verified", "r.code_verified"),
    ("target_type", "r.target_type"),
    ("target_id", "r.target_id"),
    ("target_name", "r.target_name"),
    ("before", "r.before"),
    ("after", "r.after"),
    ("trace_name", "r.trace_name"),
    ("trace_status", "r.trace_status"),
    ("resource_id", "r.resource_id"),
    ("resource_name", "r.resource_name"),
    ("request", "r.request"),
    ("response", "r.response"),
    ("response_code", "r.response_code"),
)

#: SHA-256 of a record's text, computed by the database over ``audit_operationrecord r``.
DIGEST_SQL = (
    f"sha256(convert_to(jsonb_build_array({rules.LAYOUT}, "
    + ", ".join(expression for _column, expression in CONTENT)
    + ")::text, 'UTF8'))"
)


def values_of(record: OperationRecord) -> list[Json]:
    """The values of a record that was just built, in the order of CONTENT."""
    values = {column: getattr(record, column) for column, _expression in CONTENT}
    values["uid"] = str(record.uid)
    values["at"] = rules.microseconds(record.at)
    return list(values.values())


def digest_of(record: OperationRecord) -> bytes:
    """SHA-256 of the text of a record that was just built."""
    return rules.text_digest(rules.record_text(values_of(record)))
