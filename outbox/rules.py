"""When a delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

#: How long a worker may take for one message before it counts as dead. Longer than any timeout.
LEASE = timedelta(minutes=5)
MAX_TRIES = 10
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


def pause_after(tries: int) -> timedelta:
    """Pause after the given number of failed tries: 30 s, doubled each time, an hour at most."""
    return min(_FIRST_PAUSE * 2 ** min(tries - 1, 16), _LONGEST_PAUSE)
