"""What tests of exports share: a folder for files, exporters, the example list."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.models import ExportTask
from exports.services import create_export
from tests.house import list_example  # noqa: F401 — registers the exporter "test_people"

from . import exporters  # noqa: F401 — registers the exporters of these tests


@pytest.fixture(autouse=True)
def storage(settings, tmp_path) -> Path:
    """An empty private storage of its own for each test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def no_broker(monkeypatch) -> list[str]:
    """Task messages are kept instead of sent: the tests run the tasks themselves."""
    sent: list[str] = []
    monkeypatch.setattr("exports.services.requests._send", sent.append)
    return sent


@pytest.fixture
def create(cast, no_broker):
    """Create an export task as somebody of the cast, Mara unless said otherwise."""

    def _create(name="test_people", params=None, file_format="csv", user=None) -> ExportTask:
        actor = cast.actor(user or cast.mara)
        return create_export(actor, name, params or {}, file_format)

    return _create


def files_in(folder: Path) -> list[Path]:
    """All files of the storage."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
