"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)

__all__ = [
    "AlreadyAssociated",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "StillHasCustomers",
]
