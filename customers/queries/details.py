"""Reads of the page of one customer: what stands in its header, on its cards and in its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import User
from accounts.queries import standing
from partner_center import clock
from partner_center.actors import Actor

from ..choices import RequestStatus, Side
from ..models import (
    Association,
    AssociationRequest,
    ManagerAssignment,
    OnBehalfAuthorization,
    PartnerDiscount,
)
from ..models.association import RequestQuerySet


@dataclass(frozen=True)
class ResellerRights:
    """What its distributor lets the reseller do for its customers (07-RCUS-08)."""

    may_budget: bool
    may_act: bool


@dataclass(frozen=True)
class Overview:
    """What the page of a customer shows of everything around it; absent things are None."""

    manager: User | None
    level: str
    #: The latest one of the actor's own account, whatever became of it (06-DX-09).
    authorization: OnBehalfAuthorization | None
    discount: PartnerDiscount | None
    #: What somebody still has to decide: a change of the type or a disassociation.
    request: AssociationRequest | None

    @property
    def they_decide(self) -> bool:
        """Whether the open request waits for the customer or the operator, not for the partner."""
        return self.request is not None and (
            self.request.initiator != Side.CUSTOMER
            or self.request.status == RequestStatus.PENDING_REVIEW
        )


def overview(actor: Actor, association: Association) -> Overview:
    """Everything around one customer that the actor was shown to see."""
    moment = clock.now()
    return Overview(
        manager=manager_at(association, moment),
        level=standing.standing_of(association.customer_id).level,
        authorization=_authorization(actor, association),
        discount=_discount(association, moment),
        request=_requests(association).open().first(),
    )


def manager_at(association: Association, moment: datetime) -> User | None:
    """Who looks after the customer at this moment."""
    rows = ManagerAssignment.objects.filter(association=association, ended_at=None)
    still = rows.filter(Q(ends_at=None) | Q(ends_at__gt=moment)).select_related("manager")
    return found.manager if (found := still.first()) else None


def manager_history(association: Association) -> QuerySet[ManagerAssignment]:
    """All account managers of the customer with their periods, the present one first (CUD-11)."""
    rows = ManagerAssignment.objects.filter(association=association)
    return rows.select_related("manager", "assigned_by").order_by("-started_at", "-pk")


def association_history(association: Association) -> QuerySet[AssociationRequest]:
    """The association records of this customer and this partner, newest first."""
    return _requests(association).order_by("-requested_at", "-pk")


def reseller_rights(actor: Actor) -> ResellerRights | None:
    """What the actor's distributor grants it; None for everybody who is no reseller."""
    if actor.partner_kind != PartnerKind.RESELLER:
        return None
    return ResellerRights(
        may_budget=resellers.queries.budget_grant_of(actor.account_id) is not None,
        may_act=resellers.queries.on_behalf_granted(actor.account_id),
    )


def may_discount(partner_id: int) -> bool:
    """Whether the operator lets the partner set discounts (04-DSC)."""
    return standing.terms_of(partner_id).may_discount


def _authorization(actor: Actor, association: Association) -> OnBehalfAuthorization | None:
    rows = OnBehalfAuthorization.objects.filter(
        account_id=actor.account_id, association=association
    )
    return rows.order_by("-requested_at", "-pk").first()


def _discount(association: Association, moment: datetime) -> PartnerDiscount | None:
    today = clock.business_date(moment)
    rows = PartnerDiscount.objects.filter(association=association, closed_at=None)
    return rows.filter(ends_on__gte=today).first()


def _requests(association: Association) -> RequestQuerySet:
    """Records of the pair: also those before the customer came back."""
    return AssociationRequest.objects.filter(
        account_id=association.account_id, customer_id=association.customer_id
    )
