"""Talking to the person at the terminal, and running a program to its end."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent


class Trouble(Exception):
    """Something the user can mend, in one sentence."""


def raise_stop(_number: int, _frame: FrameType | None) -> None:
    """Signal handler: SIGTERM and SIGHUP end a command just as Ctrl-C does."""
    raise KeyboardInterrupt


def say(sentence: str) -> None:
    """One line of progress."""
    print(sentence, flush=True)


def quietly(
    command: Sequence[str | Path],
    *,
    doing: str,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> str:
    """Run a command in the project's folder and give its output; show it only when it fails.

    Raises Trouble, with the end of the output, when the command fails.
    """
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if log:
        with log.open("a") as file:
            file.write(f"== {doing}\n{done.stdout}")
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-25:])
        raise Trouble(f"{doing} failed (exit code {done.returncode}).\n{end}")
    return done.stdout


def works(command: Sequence[str | Path], **options: object) -> bool:
    """Whether a program can be started and ends well."""
    try:
        done = subprocess.run(command, capture_output=True, check=False, **options)  # type: ignore[call-overload]
    except OSError:
        return False
    return done.returncode == 0
