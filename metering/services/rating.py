"""What reserved instances, packages and tiers make of usage, in the order of the records."""

from __future__ import annotations


def cover() -> None:
    """Nothing yet."""


def keep() -> None:
    """Nothing yet."""
