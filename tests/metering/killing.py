"""Processes that take in a file and are killed at random moments: ``python -m tests.metering.killing``.

Every intake is a child of its own (SIGKILL takes no leave). The parent imports Django once; it has
neither threads nor connections, for a fork would share them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

#: Chunks that a child finishes at least, and at most how many seconds later it is killed: while it
#: connects, begins, or is in a chunk.
MOMENTS = ((0, 0.15), (0, 0.15), (0, 0.15), (1, 0.03), (1, 0.03))


def kill_many(orders: list[dict[str, Any]], seed: int) -> int:
    """Take in each file again and again, each time until it is killed; how many children were."""
    from metering.models import Intake

    from .usage import take

    chance, killed = random.Random(seed), 0
    for order in orders:
        for _time in range(order["kills"]):

            def job(progress: Callable[[Intake], None], order: dict[str, Any] = order) -> None:
                take(Path(order["path"]), kind=order["kind"], size=order["size"], progress=progress)

            chunks, longest = chance.choice(MOMENTS)
            _kill_one(job, chunks, chance.uniform(0, longest))
            killed += 1
    return killed


def _kill_one(job: Callable[[Callable[[Any], None]], None], chunks: int, delay: float) -> None:
    reading, writing = os.pipe()
    if not (child := os.fork()):
        _work(job, writing)
    os.close(writing)
    for _chunk in range(chunks):
        os.read(reading, 1)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    os.close(reading)
    if not os.WIFSIGNALED(status):
        raise SystemExit("An intake ended before it was killed.")


def _work(job: Callable[[Callable[[Any], None]], None], writing: int) -> None:
    """The child: a byte for each chunk that is in."""
    failed = True
    try:
        job(lambda intake: os.write(writing, b"."))
        failed = False
    finally:  # whatever it was: a child never returns into the parent's code
        if failed:
            traceback.print_exc()
        os._exit(failed)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"{kill_many(json.load(sys.stdin), seed=2026)}\n")
