"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)
from .creation import (
    IsTestPartner,
    MalformedLoginName,
    MayNotDevelop,
    NoSuchReseller,
    NotEligible,
    PlatformUserTaken,
    ReservedElsewhere,
    WeakPassword,
    WrongPlatform,
)

__all__ = [
    "AlreadyAssociated",
    "IsTestPartner",
    "MalformedLoginName",
    "MayNotDevelop",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "NoSuchReseller",
    "NotEligible",
    "PlatformUserTaken",
    "ReservedElsewhere",
    "StillHasCustomers",
    "WeakPassword",
    "WrongPlatform",
]
