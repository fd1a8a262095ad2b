"""``make test``: every test, in parallel, on a PostgreSQL and Redis that live only as long."""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import environment, processes, servers
from .environment import PYTHON
from .terminal import ROOT, quietly

#: Settings of a developer's shell that must not reach the tests. Without bytecode, every process that
#: a test starts would compile Django and all that stands on it before its first line.
FOREIGN = (
    *("DEMO_MODE", "DEBUG", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "PORTAL_URL", "S3_BUCKET"),
    "PYTHONDONTWRITEBYTECODE",
)


def test() -> int:
    """Set up what tests need and hand over to pytest, whose summary is the last line."""
    if os.environ.get("MAKELEVEL"):
        processes.die_with_parent(signal.SIGTERM)
    environment.ensure(dev=True)
    environment.ensure_chromium()
    environment.mention_pango()
    arguments = shlex.split(os.environ.get("ARGS", ""))
    command = [PYTHON, "-m", "pytest", f"--numprocesses={os.cpu_count()}", *arguments]
    with passing_servers(throw_away=True) as env:
        ours = {name: value for name, value in env.items() if name not in FOREIGN}
        # Migrated once; each process of the tests gets a copy (tests/conftest.py).
        ours |= {"TESTING": "1", "TEST_TEMPLATE": servers.DATABASE}
        quietly([PYTHON, "manage.py", "migrate", "--noinput"], doing="Migrating", env=ours)
        return subprocess.run(command, cwd=ROOT, env=ours, check=False).returncode


@contextmanager
def passing_servers(*, throw_away: bool) -> Iterator[dict[str, str]]:
    """Servers in a temporary folder for a block; gives the environment that names them."""
    with tempfile.TemporaryDirectory(prefix="passing-", dir=environment.CACHE) as name:
        folder = Path(name)
        own = servers.start(folder, folder, secret=secrets.token_hex(16), throw_away=throw_away)
        try:
            yield os.environ | {
                "DATABASE_URL": own.database_url,
                "REDIS_URL": own.redis_url,
                "MEDIA_ROOT": str(folder / "files"),
            }
        finally:
            own.stop()
