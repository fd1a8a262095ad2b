"""One instance of the portal: everything it keeps is below its ``DATA``."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from . import servers
from .terminal import ROOT, Trouble

#: The real servers to use instead of our own; both or none.
ADDRESSES = ("DATABASE_URL", "REDIS_URL")


@dataclass
class Instance:
    """A folder of data, with what is known about the process that runs on it."""

    data: Path
    port: int

    @classmethod
    def named(cls) -> Instance:
        """The instance that ``DATA`` and ``PORT`` name. Raises Trouble for a port that is none."""
        data = (ROOT / (os.environ.get("DATA") or ".data")).resolve()
        port = os.environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise Trouble(f"PORT is a number from 1 to 65535, not {port!r}.")
        return cls(data, int(port))

    @property
    def logs(self) -> Path:
        """Folder of the logs."""
        return self.data / "logs"

    @property
    def url(self) -> str:
        """Address of the portal."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process. Raises Trouble while another process holds it."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            lock = (self.data / "lock").open("a")
        except OSError as error:
            raise Trouble(f"{self.data} cannot be written: {error.strerror}.") from None
        with lock:
            if not _take(lock):
                raise Trouble(f"A portal already runs on {self.data}: make stop DATA={self.data}")
            try:
                self.note(pid=os.getpid())
                yield
            finally:
                self.note(pid=None, **dict.fromkeys(ADDRESSES))

    def is_held(self) -> bool:
        """Whether a process runs on this folder. The lock ends with its holder, however it ends."""
        try:
            lock = (self.data / "lock").open("r")
        except OSError:
            return False
        with lock:
            return not _take(lock)

    def facts(self) -> dict[str, Any]:
        """What is noted in ``instance.json``."""
        path = self.data / "instance.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def note(self, **facts: Any) -> None:
        """Write facts to ``instance.json``, which only its owner can read: it holds a password."""
        path = self.data / "instance.json"
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(self.facts() | facts, indent=1))
        partial.replace(path)

    def secret(self) -> str:
        """The password of this instance's own servers, made once."""
        if "secret" not in self.facts():
            self.note(secret=secrets.token_hex(16))
        return str(self.facts()["secret"])

    @contextmanager
    def servers(self) -> Iterator[list[servers.Child]]:
        """Run PostgreSQL and Redis for a block, unless the environment names real ones."""
        given = {name: os.environ[name] for name in ADDRESSES if os.environ.get(name)}
        if given and len(given) < len(ADDRESSES):
            raise Trouble("Set both DATABASE_URL and REDIS_URL, or neither.")
        if given:
            self.note(**given)
            yield []
            return
        own = servers.start(self.data, self.logs, secret=self.secret())
        try:
            self.note(DATABASE_URL=own.database_url, REDIS_URL=own.redis_url)
            yield own.children
        finally:
            own.stop()

    def environment(self) -> dict[str, str]:
        """The settings of this instance, for every process of it."""
        facts = self.facts()
        port = facts.get("port", self.port)
        url = f"http://127.0.0.1:{port}"
        defaults = {"DEMO_MODE": "1", "PORTAL_URL": url, "MEDIA_ROOT": str(self.data / "files")}
        own = {name: facts[name] for name in ADDRESSES} | {
            # Browsers share the cookies of one host among its ports.
            "SESSION_COOKIE_NAME": f"pc_session_{port}",
            "CSRF_COOKIE_NAME": f"pc_csrf_{port}",
            "PYTHONUNBUFFERED": "1",
        }
        return defaults | os.environ | own


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
