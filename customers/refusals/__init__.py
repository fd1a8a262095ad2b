"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .assignment import AlreadyAssigned, NotAssigned, NothingToAssign, SameManager
from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)

__all__ = [
    "AlreadyAssigned",
    "AlreadyAssociated",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "NotAssigned",
    "NothingToAssign",
    "SameManager",
    "StillHasCustomers",
]
