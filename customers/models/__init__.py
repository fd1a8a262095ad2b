"""Tables of the customers app, one module an aggregate."""

from .assignment import AssignmentBatch, AssignmentBatchRow, ManagerAssignment
from .association import Association, AssociationQuerySet, AssociationRequest
from .control import DiscountRecord, OnBehalfAuthorization, PartnerDiscount
from .development import (
    Campaign,
    Invitation,
    InvitationLink,
    PreRegistration,
    ReferralExclusion,
)

__all__ = [
    "AssignmentBatch",
    "AssignmentBatchRow",
    "Association",
    "AssociationQuerySet",
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
]
