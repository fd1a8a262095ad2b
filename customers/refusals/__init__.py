"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)
from .preregistration import (
    AlreadyPreregistered,
    AlreadyReviewed,
    CannotBeApproved,
    CannotBeDeleted,
    CannotPreregister,
    DevelopmentNotGranted,
    LimitReached,
    OwnContactMissing,
    ReferralNotGranted,
)

__all__ = [
    "AlreadyAssociated",
    "AlreadyPreregistered",
    "AlreadyReviewed",
    "CannotBeApproved",
    "CannotBeDeleted",
    "CannotPreregister",
    "DevelopmentNotGranted",
    "LimitReached",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "OwnContactMissing",
    "ReferralNotGranted",
    "StillHasCustomers",
]
