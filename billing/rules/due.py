"""What a partner owes: unpaid bills added up (05-BQY-03): pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from ..choices import BillState


class Debt(Protocol):
    """What an issued bill still asks for, in USD."""

    @property
    def left(self) -> Decimal: ...

    @property
    def due_at(self) -> datetime: ...


@dataclass(frozen=True)
class AmountDue:
    """Unpaid fees in USD: of the latest issued bill and of those before it; overdue is part of both."""

    latest: Decimal
    previous: Decimal
    overdue: Decimal

    @property
    def total(self) -> Decimal:
        """Everything that is to be paid."""
        return self.latest + self.previous


def is_late(debt: Debt, moment: datetime) -> bool:
    """Whether a part of it is unpaid after its due date, told by the clock (C-09)."""
    return debt.left > 0 and debt.due_at < moment


def state_at(state: str, debt: Debt, moment: datetime) -> BillState:
    """The state of a bill at a moment: overdue once its due date has passed, told or not."""
    return BillState.OVERDUE if is_late(debt, moment) else BillState(state)


def add_up(debts: Iterable[tuple[Debt, bool]], moment: datetime) -> AmountDue:
    """The panel's figures; the second value of each debt says whether its bill is the latest one."""
    latest = previous = overdue = Decimal(0)
    for debt, is_latest in debts:
        if is_latest:
            latest += debt.left
        else:
            previous += debt.left
        if is_late(debt, moment):
            overdue += debt.left
    return AmountDue(latest, previous, overdue)
