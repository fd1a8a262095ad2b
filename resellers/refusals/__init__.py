"""Refusals of the resellers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyUnderDistributor,
    NeverProvider,
    NoDistributor,
    NoReseller,
    OnlyDistributors,
    OnlyResellers,
    StillAssociated,
)
from .grants import (
    AlreadyGranted,
    ConsentMissing,
    LetterNotAccepted,
    NotGranted,
    QuotaMissing,
    SameQuotas,
)
from .invitation import (
    AlreadyInvited,
    AlreadyReseller,
    AlreadyUnderYourDistributor,
    LinkWithoutUse,
    NothingToRetry,
    NothingToSend,
    NothingToWithdraw,
    OutsideRegion,
    RequestUnderWay,
)

__all__ = [
    "AlreadyGranted",
    "AlreadyInvited",
    "AlreadyReseller",
    "AlreadyUnderDistributor",
    "AlreadyUnderYourDistributor",
    "ConsentMissing",
    "LetterNotAccepted",
    "LinkWithoutUse",
    "NeverProvider",
    "NoDistributor",
    "NoReseller",
    "NotGranted",
    "NothingToRetry",
    "NothingToSend",
    "NothingToWithdraw",
    "OnlyDistributors",
    "OnlyResellers",
    "OutsideRegion",
    "QuotaMissing",
    "RequestUnderWay",
    "SameQuotas",
    "StillAssociated",
]
