"""Tables of the customers app, one module an aggregate."""

from .assignment import AssignmentBatch, AssignmentBatchRow, ManagerAssignment
from .association import Association, AssociationRequest
from .control import DiscountRecord, OnBehalfAuthorization, PartnerDiscount
from .development import (
    Campaign,
    Invitation,
    InvitationLink,
    PreRegistration,
    ReferralExclusion,
    new_token,
)

__all__ = [
    "AssignmentBatch",
    "AssignmentBatchRow",
    "Association",
    "AssociationRequest",
    "Campaign",
    "DiscountRecord",
    "Invitation",
    "InvitationLink",
    "ManagerAssignment",
    "OnBehalfAuthorization",
    "PartnerDiscount",
    "PreRegistration",
    "ReferralExclusion",
    "new_token",
]
