"""Several processes for one piece of work, from a management command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any

from django.db import connections


def run_each(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call a function of a module once for each tuple of arguments, each in a process of its own.

    The results, in that order; what one raises is raised here when all have ended. Every process opens
    a connection to the database of its own. Not inside a transaction, nor in a worker's process.
    """
    connections.close_all()
    with get_context("fork").Pool(len(arguments)) as pool:
        return pool.starmap(function, arguments)
