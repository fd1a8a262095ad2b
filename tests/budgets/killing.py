"""Workers that check budgets and are killed at random moments: ``python -m tests.budgets.killing``.

For each line that it reads the process forks a worker and kills it (SIGKILL takes no leave) somewhere in
its work. It imports Django once and has neither threads nor connections, for a fork would share them.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback

import django

#: At most so many seconds after a worker has begun it is killed.
LONGEST = 0.6


def kill_one(chance: random.Random) -> None:
    """Let a worker begin, and kill it; an error of its own is printed and ends the process."""
    reading, writing = os.pipe()
    if not (worker := os.fork()):
        _work(writing)
    os.close(writing)
    os.read(reading, 1)
    time.sleep(chance.uniform(0, LONGEST))
    os.kill(worker, signal.SIGKILL)
    _worker, status = os.waitpid(worker, 0)
    os.close(reading)
    if not os.WIFSIGNALED(status):
        raise SystemExit("A worker ended before it was killed.")


def _work(writing: int) -> None:
    """The worker: small portions, so that there is much to be killed in; it never ends by itself."""
    from budgets.services import alerting, pending

    pending.AT_ONCE, alerting.AT_ONCE = 500, 10
    try:
        os.write(writing, b".")
        while True:
            pending.check_pending()
            alerting.tell_pending()
    except Exception:
        traceback.print_exc()
        raise
    finally:  # whatever it was: a worker never returns into the parent's code
        os._exit(1)


if __name__ == "__main__":
    django.setup()
    chance = random.Random(2026)
    for _line in sys.stdin:
        kill_one(chance)
        sys.stdout.write("killed\n")
        sys.stdout.flush()
