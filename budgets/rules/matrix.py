"""The purchase and operation matrix of 04: what a customer may do in which state.

Pure: states and figures in, a verdict out. ``budgets.queries.guard`` reads the states and turns a
verdict into the sentence that people read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..choices import FreezeStatus


class Operation(StrEnum):
    """One row of the matrix."""

    BUY_PERIOD = "buy_period"
    #: Reserved instances, savings plans and resource packages: paid in advance as well.
    BUY_RESERVED = "buy_reserved"
    BUY_USAGE = "buy_usage"
    RENEW = "renew"
    CHANGE_PERIOD = "change_period"
    CHANGE_USAGE = "change_usage"
    TO_USAGE = "to_usage"
    TO_PERIOD = "to_period"
    #: Start, stop, restart.
    OPERATE = "operate"
    DELETE = "delete"
    UNSUBSCRIBE = "unsubscribe"
    RENAME = "rename"
    #: Details of one resource; the list is always open.
    VIEW = "view"


class Verdict(StrEnum):
    """Whether an operation is allowed, and what stands in its way."""

    ALLOWED = "allowed"
    BUDGET = "budget"
    ACCOUNT_FROZEN = "account_frozen"
    RESOURCES_FROZEN = "resources_frozen"


@dataclass(frozen=True)
class BudgetStanding:
    """A customer's budget: ``amount`` None or 0 means that none is set. In USD, exact."""

    amount: Decimal | None
    used: Decimal

    @property
    def remaining(self) -> Decimal:
        """What prepaid purchases may still cost; never negative (04-BFM-03)."""
        return max((self.amount or Decimal(0)) - self.used, Decimal(0))

    @property
    def is_exhausted(self) -> bool:
        """Usage of 100% or more, or no budget (04-BFM-06)."""
        return not self.amount or self.used >= self.amount

    def covers(self, price: Decimal) -> bool:
        """Whether a prepaid order of this list price fits (04 D-07)."""
        return not self.is_exhausted and price <= self.remaining


#: Refused while the account is frozen. Unsubscribing and looking at what there is stay open.
_CLOSED_BY_ACCOUNT = frozenset(Operation) - {
    Operation.UNSUBSCRIBE,
    Operation.RENAME,
    Operation.VIEW,
}
#: Refused while account and resources are frozen.
_CLOSED_BY_RESOURCES = frozenset(Operation) - {Operation.UNSUBSCRIBE}
#: Paid in advance: an exhausted, insufficient or missing budget refuses them (04-BFM-06, D-07).
_PREPAID = frozenset(
    {
        Operation.BUY_PERIOD,
        Operation.BUY_RESERVED,
        Operation.RENEW,
        Operation.TO_PERIOD,
    }
)
#: What is done to a resource that is there: refused with the date of its release.
OF_RESOURCES = frozenset({Operation.OPERATE, Operation.DELETE, Operation.RENAME, Operation.VIEW})
#: What costs something: refused as well while the partner itself is restricted (04-BFM-11).
PURCHASES = frozenset(Operation) - {
    Operation.OPERATE,
    Operation.DELETE,
    Operation.UNSUBSCRIBE,
    Operation.RENAME,
    Operation.VIEW,
}


def verdict(
    operation: Operation,
    status: FreezeStatus,
    standing: BudgetStanding | None,
    price: Decimal = Decimal(0),
) -> Verdict:
    """What the matrix says. ``price`` is the list price of the order, in USD; of a change what it
    adds, negative when the price falls. ``standing`` None: no budget governs this customer.
    """
    if status == FreezeStatus.RESOURCES and operation in _CLOSED_BY_RESOURCES:
        return Verdict.RESOURCES_FROZEN
    if status == FreezeStatus.ACCOUNT and operation in _CLOSED_BY_ACCOUNT:
        return Verdict.ACCOUNT_FROZEN
    if standing is not None and _is_prepaid(operation, price) and not standing.covers(price):
        return Verdict.BUDGET
    return Verdict.ALLOWED


def _is_prepaid(operation: Operation, price: Decimal) -> bool:
    """A change of a yearly/monthly resource is prepaid only when its price rises (04 D-07)."""
    return operation in _PREPAID or (operation == Operation.CHANGE_PERIOD and price > 0)
