"""A real mail server, and processes of our own that talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests import processes

from .smtp_sink import Sink, smtp_sink


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A mail server that the portal sends through."""
    with smtp_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def process_environment(transactional_db: None, sink: Sink) -> dict[str, str]:
    """The environment of a process that works on the test database and the mail server."""
    return processes.environment(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=str(sink.port),
    )
