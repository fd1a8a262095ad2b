"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .assignment import AlreadyAssigned, NotAssigned, NothingToAssign, SameManager
from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)
from .discounts import (
    DiscountForReseller,
    NoDiscount,
    NoDiscountCountry,
    NoDiscountTerms,
    WrongDiscount,
)

__all__ = [
    "AlreadyAssigned",
    "AlreadyAssociated",
    "DiscountForReseller",
    "NoAccountManager",
    "NoCustomer",
    "NoDiscount",
    "NoDiscountCountry",
    "NoDiscountTerms",
    "NoPartner",
    "NotAssigned",
    "NothingToAssign",
    "SameManager",
    "StillHasCustomers",
    "WrongDiscount",
]
