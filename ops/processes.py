"""Child processes that never outlive us, and how to stop them."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .terminal import ROOT

#: Seconds a process may take to stop by itself; then it is killed.
PATIENCE = 15
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(stop_signal: int) -> None:
    """Ask the kernel to send us ``stop_signal`` when our parent dies, even by kill -9 (Linux)."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, stop_signal)


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of ``subprocess`` that run a program as ``user``; none for ourselves."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


@dataclass
class Child:
    """One running program: its name for people, its log, and the signal that stops it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = signal.SIGTERM

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self.process.poll() is not None

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    user: pwd.struct_passwd | None = None,
    keep: Sequence[int] = (),
    feed: bytes = b"",
    stop_signal: int = signal.SIGTERM,
) -> Child:
    """Start a program in a session of its own (Ctrl-C reaches only us), as ``user`` if given.

    ``feed`` goes to its standard input, ``keep`` are open files that it inherits. The log of the
    run before is kept as ``.previous``.
    """
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
            # After the change of user, which would forget it; nothing else runs in this process.
            preexec_fn=lambda: die_with_parent(stop_signal),  # noqa: PLW1509
            **identity(user),
        )
    with process.stdin as pipe:  # type: ignore[union-attr]
        pipe.write(feed)
    return Child(name, process, log, stop_signal)


def stop(children: Iterable[Child]) -> None:
    """Stop all at once and wait for them; kill what does not go."""
    running = [child for child in children if not child.ended]
    for child in running:
        os.kill(child.process.pid, child.stop_signal)
    deadline = time.monotonic() + PATIENCE
    for child in running:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
