"""The OpenAPI document in docs/api is the one that the operations declare."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bss_api.operations import OPERATIONS


def test_the_document_is_up_to_date(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    kept = Path(settings.BASE_DIR) / "docs/api/openapi.yaml"
    assert fresh.read_text() == kept.read_text(), (
        "Write it again: manage.py spectacular --file docs/api/openapi.yaml"
    )


def test_every_operation_is_declared_whole() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))
    for operation in OPERATIONS:
        assert operation.path.startswith("/v") and not operation.path.endswith("/")
        assert operation.callers and operation.__doc__
        assert operation.reads_only or operation.method != "GET", operation.name
