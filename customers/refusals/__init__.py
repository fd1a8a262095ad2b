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
from .disassociation import (
    AlreadyProcessed,
    CheckFailed,
    ModelNotGranted,
    NoPartnerNow,
    NotOffered,
    NotReseller,
    NotYourTurn,
    PartnerDecides,
    SameModel,
)
from .invitations import (
    DevelopmentOff,
    ReferralOff,
)
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
    "AlreadyProcessed",
    "AlreadyReviewed",
    "CannotBeApproved",
    "CannotBeDeleted",
    "CannotPreregister",
    "CheckFailed",
    "DevelopmentOff",
    "IsTestPartner",
    "LimitReached",
    "MalformedLoginName",
    "MayNotDevelop",
    "ModelNotGranted",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "NoPartnerNow",
    "NoSuchReseller",
    "NotEligible",
    "NotOffered",
    "NotReseller",
    "NotYourTurn",
    "OwnContactMissing",
    "PartnerDecides",
    "PlatformUserTaken",
    "ReferralOff",
    "ReservedElsewhere",
    "SameModel",
    "StillHasCustomers",
    "WeakPassword",
    "WrongPlatform",
]
