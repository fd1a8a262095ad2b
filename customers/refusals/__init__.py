"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)
from .invitations import DevelopmentOff, ReferralOff
from .preregistration import (
    AlreadyPreregistered,
    AlreadyReviewed,
    CannotBeApproved,
    CannotBeDeleted,
    CannotPreregister,
    LimitReached,
    OwnContactMissing,
)

__all__ = [
    "AlreadyAssociated",
    "AlreadyPreregistered",
    "AlreadyReviewed",
    "CannotBeApproved",
    "CannotBeDeleted",
    "CannotPreregister",
    "DevelopmentOff",
    "LimitReached",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "OwnContactMissing",
    "ReferralOff",
    "StillHasCustomers",
]
