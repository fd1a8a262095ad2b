"""The operations, one module a group. A new group is added to ``GROUPS``, a new operation is found."""

from __future__ import annotations

from types import ModuleType

from ..views import Operation
from . import (
    bill_records,
    bills,
    budgets,
    catalog,
    costs,
    coupons,
    customers,
    enterprise,
    freezing,
    identity,
    invoices,
    metering,
    order_queries,
    ordering,
    packages,
    partner_bills,
    pricing,
    realname,
    registration,
    renewal_prices,
    resellers,
    resource_queries,
    subscriptions,
)

GROUPS: tuple[ModuleType, ...] = (
    customers,
    registration,
    resellers,
    freezing,
    budgets,
    identity,
    realname,
    enterprise,
    order_queries,
    ordering,
    resource_queries,
    subscriptions,
    bills,
    bill_records,
    costs,
    packages,
    partner_bills,
    invoices,
    coupons,
    metering,
    catalog,
    pricing,
    renewal_prices,
)


def operations_of(group: ModuleType) -> list[type[Operation]]:
    """The operations that a module defines, in its order."""
    return [
        found
        for found in vars(group).values()
        if isinstance(found, type)
        and issubclass(found, Operation)
        and found.__module__ == group.__name__
    ]


OPERATIONS: list[type[Operation]] = [o for group in GROUPS for o in operations_of(group)]
