"""Leaving: either side asks, the other one agrees or rejects (04 §8.3.1.7, 8.3.1.14; 08 §10.2).

Every request is locked after its association, so that of two answers, or of an answer and a
withdrawal, exactly one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

import audit.services
from audit.choices import TraceName
from audit.services import TraceDetails
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import Refusal

from ..choices import Purpose, RequestStatus, Side
from ..locks import lock_association_of_customer, lock_disassociation, lock_own_associations
from ..models import Association, AssociationRequest
from ..permissions import DISASSOCIATE, MANAGE_PARTNER
from ..queries.disassociation import check_account, refuse_other_model
from ..queries.records import customers_requests, partners_requests
from ..refusals import AlreadyProcessed, CheckFailed, NoPartnerNow, NotYourTurn
from . import associating, association_reviews
from .leaving_messages import tell_ended, tell_rejected, tell_requested, tell_withdrawn


@critical_operation("customers.disassociate", gettext_lazy("Disassociate from the customer"))
def request_by_partner(actor: Actor, association_id: int, *, reason: str) -> AssociationRequest:
    """The partner asks its customer to agree to the disassociation (04-ASC-01 to ASC-06).

    Raises NotFound, NotOffered, NotReseller, CheckFailed.
    """
    actor.require(DISASSOCIATE)
    (association,) = lock_own_associations(actor, [association_id])
    return _submit(actor, association, Side.PARTNER, reason=reason)


@critical_operation(
    "customers.leave_partner",
    gettext_lazy("Disassociate from the partner"),
    always=True,
    sms_first=True,
)
def request_by_customer(actor: Actor, *, association_id: int) -> AssociationRequest:
    """The customer asks its partner to agree (08-CSD-01 to CSD-12). The code is always asked.

    ``association_id`` is the association that the page showed. Raises NoPartnerNow, PartnerDecides,
    CheckFailed.
    """
    actor.require(MANAGE_PARTNER)
    association = lock_association_of_customer(actor)
    if association is None or association.pk != association_id:
        raise NoPartnerNow
    return _submit(actor, association, Side.CUSTOMER)


@critical_operation("customers.agree_disassociation", gettext_lazy("Agree to the disassociation"))
def agree(actor: Actor, request_id: int) -> AssociationRequest:
    """The partner agrees to its customer's request; the association ends (04-ASC-08, ASC-10).

    Raises NotFound, NotYourTurn, AlreadyProcessed, CheckFailed.
    """
    actor.require(DISASSOCIATE)
    request = lock_disassociation(partners_requests(actor), request_id)
    return _agree(actor, request, Side.PARTNER, clock.now())


@critical_operation("customers.reject_disassociation", gettext_lazy("Reject the disassociation"))
def reject(actor: Actor, request_id: int, *, answer: str = "") -> AssociationRequest:
    """The partner rejects its customer's request. Raises NotFound, NotYourTurn, AlreadyProcessed."""
    actor.require(DISASSOCIATE)
    request = lock_disassociation(partners_requests(actor), request_id)
    return _reject(actor, request, Side.PARTNER, answer, clock.now())


@critical_operation("customers.reject_disassociations", gettext_lazy("Batch Reject"))
def reject_each(actor: Actor, request_ids: Iterable[int]) -> dict[int, Refusal | None]:
    """Reject several requests with one code; by key, why one was not rejected (04-ASC-08)."""
    actor.require(DISASSOCIATE)
    moment = clock.now()
    return {pk: _reject_one(actor, pk, moment) for pk in sorted(request_ids)}


@critical_operation(
    "customers.answer_partner",
    gettext_lazy("Answer the partner’s disassociation request"),
    always=True,
    sms_first=True,
)
def answer_partner(
    actor: Actor, request_id: int, *, agrees: bool, answer: str = ""
) -> AssociationRequest:
    """The customer agrees to its partner's request or rejects it (08-CSD-14).

    Raises NotFound, NotYourTurn, AlreadyProcessed, CheckFailed.
    """
    actor.require(MANAGE_PARTNER)
    request = lock_disassociation(customers_requests(actor), request_id)
    moment = clock.now()
    if agrees:
        return _agree(actor, request, Side.CUSTOMER, moment)
    return _reject(actor, request, Side.CUSTOMER, answer, moment)


@transaction.atomic(durable=True)
def withdraw_by_partner(actor: Actor, request_id: int) -> AssociationRequest:
    """The partner takes back its own request that waits (D-22).

    Raises NotFound, NotYourTurn, AlreadyProcessed.
    """
    actor.require(DISASSOCIATE)
    request = lock_disassociation(partners_requests(actor), request_id)
    return _withdraw(actor, request, Side.PARTNER)


@transaction.atomic(durable=True)
def withdraw_by_customer(actor: Actor, request_id: int) -> AssociationRequest:
    """The customer takes back its own request that waits (D-22).

    Raises NotFound, NotYourTurn, AlreadyProcessed.
    """
    actor.require(MANAGE_PARTNER)
    request = lock_disassociation(customers_requests(actor), request_id)
    return _withdraw(actor, request, Side.CUSTOMER)


def _submit(
    actor: Actor, association: Association, side: Side, *, reason: str = ""
) -> AssociationRequest:
    refuse_other_model(association, side)
    moment = clock.now()
    check = check_account(association, side, moment)
    if check.failed:
        raise CheckFailed(check.failed)
    request = AssociationRequest.objects.create(
        account_id=association.account_id,
        customer_id=association.customer_id,
        association=association,
        purpose=Purpose.DISASSOCIATE,
        model=association.model,
        initiator=side,
        status=RequestStatus.PENDING,
        reason=reason,
        checks=check.as_json(moment),
        requested_by_id=actor.user_id,
        requested_at=moment,
    )
    _record(actor, request, association, "requested", TraceName.UNBIND)
    tell_requested(actor, request, association)
    return request


def _agree(
    actor: Actor, request: AssociationRequest, side: Side, moment: datetime
) -> AssociationRequest:
    """Complete the request and end the association in one transaction.

    What kept the initiator from asking keeps the association from ending, too: an item that failed
    after the request was submitted must be handled, or the request rejected.
    """
    association = _answerable(request, side)
    if failed := check_account(association, Side(request.initiator), moment).of_account:
        raise CheckFailed(failed)
    associating.close_request(actor, request, RequestStatus.COMPLETED, moment)
    _record(actor, request, association, "agreed", TraceName.REVIEW)
    associating.end(actor, association, reason=request.reason, moment=moment)
    tell_ended(actor, association, request.reason, moment)
    return request


def _reject(
    actor: Actor, request: AssociationRequest, side: Side, answer: str, moment: datetime
) -> AssociationRequest:
    association = _answerable(request, side)
    associating.close_request(actor, request, RequestStatus.REJECTED, moment, answer=answer)
    _record(actor, request, association, "rejected", TraceName.REVIEW)
    tell_rejected(actor, request, association)
    return request


def _reject_one(actor: Actor, request_id: int, moment: datetime) -> Refusal | None:
    try:
        with transaction.atomic():
            if partners_requests(actor).filter(pk=request_id, purpose=Purpose.ASSOCIATION).exists():
                association_reviews.reject_confirmation(actor, request_id)
            else:
                request = lock_disassociation(partners_requests(actor), request_id)
                _reject(actor, request, Side.PARTNER, "", moment)
    except Refusal as refusal:
        return refusal
    return None


def _withdraw(actor: Actor, request: AssociationRequest, side: Side) -> AssociationRequest:
    if request.initiator != side:
        raise NotYourTurn
    association = _waiting(request)
    associating.close_request(actor, request, RequestStatus.CANCELED, clock.now())
    _record(actor, request, association, "withdrawn")
    tell_withdrawn(actor, request, association)
    return request


def _answerable(request: AssociationRequest, side: Side) -> Association:
    """The association of a request that this side may answer now."""
    if request.initiator == side:
        raise NotYourTurn
    return _waiting(request)


def _waiting(request: AssociationRequest) -> Association:
    if request.status != RequestStatus.PENDING or request.association is None:
        raise AlreadyProcessed(str(request.get_status_display()))
    return request.association


def _record(
    actor: Actor,
    request: AssociationRequest,
    association: Association,
    event: str,
    trace: TraceName | None = None,
) -> None:
    """One audit record in each book; the customer's is a trace as well (08-CTS-02)."""
    after = {
        "partner": association.account.name,
        "customer": association.customer.name,
        "initiator": request.initiator,
        "status": request.status,
        "reason": request.reason,
        "answer": request.answer,
    }
    for account_id in (association.account_id, association.customer_id):
        traced = trace is not None and account_id == association.customer_id
        audit.services.record(
            actor,
            f"customers.disassociation.{event}",
            request,
            after=after,
            account_id=account_id,
            trace=str(trace) if traced else "",
            trace_details=TraceDetails(
                resource_id=association.account.public_id,
                resource_name=association.account.title,
                request={"purpose": request.purpose, "reason": request.reason},
                response={"status": request.status},
                response_code="200",
            ),
        )
