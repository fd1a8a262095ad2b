"""Reads of association records: the partner's, the distributor's, the customer's (04-ASC-08)."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import User
from partner_center.actors import Actor, Scope
from partner_center.refusals import NotFound

from ..choices import Purpose, RequestStatus, Side
from ..models import AssociationRequest, ManagerAssignment
from ..permissions import DISASSOCIATE, MANAGE_PARTNER, VIEW_CUSTOMERS, VIEW_PARTNER
from ..refusals import AlreadyProcessed, NotYourTurn

#: What waits for the partner's Agree or Reject.
ASKS_PARTNER = Q(status=RequestStatus.PENDING) & (
    Q(purpose=Purpose.DISASSOCIATE, initiator=Side.CUSTOMER) | Q(purpose=Purpose.ASSOCIATION)
)


def list_records(actor: Actor) -> QuerySet[AssociationRequest]:
    """The records of the partner's own customers, as far as the actor's roles let it see them."""
    actor.require(VIEW_CUSTOMERS)
    return _listed(partners_requests(actor))


def list_reseller_records(actor: Actor) -> QuerySet[AssociationRequest]:
    """The records of the customers of the distributor's resellers, to be read only (06-DX-10, DCU-06).

    Raises NotFound for other partners. Whoever sees assigned customers alone sees none of these.
    """
    actor.require(VIEW_CUSTOMERS)
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        raise NotFound
    rows = AssociationRequest.objects.filter(
        account__in=resellers.queries.reseller_ids(actor.account_id)
    )
    return _listed(rows if actor.scope == Scope.ALL else rows.none())


def get_waiting(actor: Actor, request_id: int, initiator: Side) -> AssociationRequest:
    """A request of one of the partner's customers that waits, and whose it is.

    Associations that the operator has approved wait for the partner, whoever asked for them
    (07-RASC-09). Raises NotFound, NotYourTurn, AlreadyProcessed.
    """
    actor.require(DISASSOCIATE)
    rows = partners_requests(actor)
    if initiator == Side.CUSTOMER and (found := _association(rows, request_id)):
        return found
    return _waiting(rows, request_id, initiator)


def customer_log(actor: Actor) -> QuerySet[AssociationRequest]:
    """All that was ever asked or done between the acting customer and partners (08-CSD-15)."""
    actor.require(VIEW_PARTNER)
    return _listed(customers_requests(actor))


def get_own(actor: Actor, request_id: int, initiator: Side) -> AssociationRequest:
    """A disassociation request of the acting customer's account that waits, and whose it is.

    Raises NotFound, NotYourTurn, AlreadyProcessed.
    """
    actor.require(MANAGE_PARTNER)
    return _waiting(customers_requests(actor), request_id, initiator)


def waiting_for(actor: Actor) -> AssociationRequest | None:
    """The disassociation request of the acting customer's account that waits, from either side."""
    rows = customers_requests(actor).filter(status=RequestStatus.PENDING)
    return rows.filter(purpose=Purpose.DISASSOCIATE).select_related("account").first()


def waiting_count(actor: Actor) -> int:
    """How many requests of its customers wait for the partner's Agree or Reject."""
    actor.require(DISASSOCIATE)
    return partners_requests(actor).filter(ASKS_PARTNER).count()


def partners_requests(actor: Actor) -> QuerySet[AssociationRequest]:
    """The partner's records in the actor's scope, without asking; for use cases that asked already."""
    return AssociationRequest.objects.visible_to(actor)


def customers_requests(actor: Actor) -> QuerySet[AssociationRequest]:
    """The acting customer's records with all its partners, without asking."""
    return AssociationRequest.objects.filter(customer_id=actor.account_id)


def account_managers(actor: Actor) -> QuerySet[User]:
    """Who looks after a customer of the partner or ever did, for the filter Account Manager."""
    assigned = ManagerAssignment.objects.visible_to(actor).filter(manager=OuterRef("pk"))
    users = User.objects.visible_to(actor).filter(Exists(assigned))
    return users.order_by("name", "pk")


def manager_name(reference: str = "association") -> Subquery:
    """Expression over records: who looks after the customer, or did so last."""
    return Subquery(_assignments(reference).values("manager__name")[:1])


def manager_id(reference: str = "association") -> Subquery:
    """Expression over records: the same person's key."""
    return Subquery(_assignments(reference).values("manager_id")[:1])


def _assignments(reference: str) -> QuerySet[ManagerAssignment]:
    of_record = ManagerAssignment.objects.filter(association=OuterRef(reference))
    return of_record.order_by(F("ended_at").desc(nulls_first=True), "-pk")


def _listed(rows: QuerySet[AssociationRequest]) -> QuerySet[AssociationRequest]:
    return rows.select_related("customer", "account").order_by("-requested_at", "-pk")


def _association(rows: QuerySet[AssociationRequest], request_id: int) -> AssociationRequest | None:
    wanted = rows.filter(pk=request_id, purpose=Purpose.ASSOCIATION, status=RequestStatus.PENDING)
    return wanted.select_related("account", "customer").first()


def _waiting(
    rows: QuerySet[AssociationRequest], request_id: int, initiator: Side
) -> AssociationRequest:
    wanted = rows.filter(pk=request_id, purpose=Purpose.DISASSOCIATE)
    found = wanted.select_related("account", "customer", "association").first()
    if found is None:
        raise NotFound
    if found.initiator != initiator:
        raise NotYourTurn
    if found.status != RequestStatus.PENDING:
        raise AlreadyProcessed(str(found.get_status_display()))
    return found
