"""Reads of the page of one customer: what stands in its header, on its cards and in its history."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

import realname.queries
import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import User
from accounts.queries import standing
from partner_center import clock
from partner_center.actors import Actor
from realname.choices import VerifiedStatus

from ..choices import AuthorizationStatus, RequestStatus, Side
from ..models import (
    Association,
    AssociationRequest,
    ManagerAssignment,
    OnBehalfAuthorization,
    PartnerDiscount,
)
from ..models.association import RequestQuerySet
from . import authorizations, discounts


@dataclass(frozen=True)
class ResellerRights:
    """What the reseller is authorized to do for one customer (07-RCUS-08)."""

    may_budget: bool
    #: Its distributor and the customer have both authorized it.
    may_act: bool


@dataclass(frozen=True)
class Overview:
    """What the page of a customer shows of everything around it; absent things are None."""

    manager: User | None
    level: str
    real_name: VerifiedStatus
    #: The latest one of the actor's own account, whatever became of it (06-DX-09).
    authorization: OnBehalfAuthorization | None
    discount: PartnerDiscount | None
    #: What somebody still has to decide: a change of the type or a disassociation.
    request: AssociationRequest | None

    @property
    def is_authorized(self) -> bool:
        """Whether the customer has authorized the actor's own account."""
        last = self.authorization
        return last is not None and last.status == AuthorizationStatus.ACCEPTED

    @property
    def they_decide(self) -> bool:
        """Whether the open request waits for the customer or the operator, not for the partner."""
        return self.request is not None and (
            self.request.initiator != Side.CUSTOMER
            or self.request.status == RequestStatus.PENDING_REVIEW
        )


def overview(actor: Actor, association: Association) -> Overview:
    """Everything around one customer that the actor was shown to see."""
    today = clock.business_date(clock.now())
    return Overview(
        manager=_manager(association),
        level=standing.standing_of(association.customer_id).level,
        real_name=realname.queries.verified_status(association.customer_id),
        authorization=authorizations.last_of(actor, association.pk),
        discount=discounts.present_of(actor, association.pk, today),
        request=_requests(association).open().first(),
    )


def manager_history(association: Association) -> QuerySet[ManagerAssignment]:
    """All account managers of the customer with their periods, the present one first (CUD-11)."""
    rows = ManagerAssignment.objects.filter(association=association)
    return rows.select_related("manager", "assigned_by").order_by("-started_at", "-pk")


def association_history(association: Association) -> QuerySet[AssociationRequest]:
    """The association records of this customer and this partner, newest first."""
    return _requests(association).order_by("-requested_at", "-pk")


def reseller_rights(actor: Actor, association: Association) -> ResellerRights | None:
    """What the actor may do for its customer; None for everybody who is no reseller."""
    if actor.partner_kind != PartnerKind.RESELLER:
        return None
    return ResellerRights(
        may_budget=resellers.queries.budget_grant_of(actor.account_id) is not None,
        may_act=authorizations.may_act(actor.account_id, association.customer_id),
    )


def _manager(association: Association) -> User | None:
    live = ManagerAssignment.objects.live().filter(association=association)
    return found.manager if (found := live.select_related("manager").first()) else None


def _requests(association: Association) -> RequestQuerySet:
    """Records of the pair: also those before the customer came back."""
    return AssociationRequest.objects.filter(
        account_id=association.account_id, customer_id=association.customer_id
    )
