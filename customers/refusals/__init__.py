"""Refusals of the customers app: the sentences that people read, one module a subject."""

from .association import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
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

__all__ = [
    "AlreadyAssociated",
    "AlreadyProcessed",
    "CheckFailed",
    "ModelNotGranted",
    "NoAccountManager",
    "NoCustomer",
    "NoPartner",
    "NoPartnerNow",
    "NotOffered",
    "NotReseller",
    "NotYourTurn",
    "PartnerDecides",
    "SameModel",
    "StillHasCustomers",
]
