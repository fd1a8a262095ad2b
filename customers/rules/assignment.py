"""What a batch does with one customer, decided over plain values (04-AMG-02, D-24, ASG-04)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..choices import BatchKind


class Verdict(StrEnum):
    """What the batch does with a row, or why it leaves it alone."""

    CHANGE = "change"
    GONE = "gone"
    SAME_MANAGER = "same_manager"
    OTHER_MANAGER = "other_manager"
    NO_MANAGER = "no_manager"
    ENDING = "ending"
    MANAGER_LOST = "manager_lost"


@dataclass(frozen=True)
class Row:
    """A customer as the batch finds it when its turn comes."""

    #: Whether the association is still live.
    is_live: bool
    #: Who looks after it now; None when nobody does.
    manager_id: int | None
    #: Whether that person is unassigned already, from the 1st of next month.
    is_ending: bool = False


def decide(
    kind: BatchKind, row: Row, *, target_id: int | None, source_id: int | None, target_is_fit: bool
) -> Verdict:
    """What to do with one customer."""
    if not row.is_live:
        return Verdict.GONE
    if kind == BatchKind.UNASSIGN:
        return _unassign(row)
    if not target_is_fit:
        return Verdict.MANAGER_LOST
    if kind == BatchKind.TRANSFER and row.manager_id != source_id:
        return Verdict.OTHER_MANAGER if row.manager_id else Verdict.NO_MANAGER
    if row.manager_id == target_id and not row.is_ending:
        return Verdict.SAME_MANAGER
    return Verdict.CHANGE


def _unassign(row: Row) -> Verdict:
    if row.manager_id is None:
        return Verdict.NO_MANAGER
    return Verdict.ENDING if row.is_ending else Verdict.CHANGE
