"""The one way in which a customer becomes associated and an association ends.

Every door (invitation, operator, ticket, API) comes here inside its own transaction, after it has
asked its own permission and locked the customer's account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

import audit.services
import resellers.queries
from accounts.models import Account, User
from audit.choices import TraceName
from partner_center.actors import Actor

from ..choices import (
    AssignmentOrigin,
    AssociationModel,
    AssociationSource,
    AuthorizationStatus,
    Purpose,
    RequestStatus,
    Side,
)
from ..locks import lock_open_requests
from ..models import (
    Association,
    AssociationRequest,
    ManagerAssignment,
    OnBehalfAuthorization,
    PartnerDiscount,
)
from ..refusals import AlreadyAssociated
from ..signals import association_completed, association_ended
from . import preregistrations


@dataclass(frozen=True)
class Terms:
    """How a customer becomes associated."""

    model: AssociationModel = AssociationModel.RESELLER
    source: AssociationSource = AssociationSource.TICKET
    initiator: Side = Side.OPERATOR
    custom_tag: str = ""
    #: Who looks after the customer from now on (04-AMG-03, 08-CSA-25).
    manager: User | None = None
    #: Whether the default freeze hold is placed (08-CSA-14, CSA-16); the Reseller model only.
    freezes: bool = True
    reason: str = ""
    xaccount_id: str = ""
    xaccount_type: str = ""
    #: The open association record that this completes, if there is one.
    request: AssociationRequest | None = None
    #: Name of the trace that the customer sees (08-CTS-02).
    trace: str = ""


def complete(
    actor: Actor, *, partner: Account, customer: Account, terms: Terms, moment: datetime
) -> Association:
    """Associate a customer whose account the caller has locked. Raises AlreadyAssociated."""
    association = _create(partner, customer, terms, moment)
    _record_request(actor, association, terms, moment)
    preregistrations.close_associated(association)
    if terms.manager:
        ManagerAssignment.objects.create(
            account=partner,
            association=association,
            manager=terms.manager,
            origin=AssignmentOrigin.INVITATION,
            started_at=moment,
        )
    _record(
        actor,
        association,
        "created",
        {
            "partner": partner.name,
            "customer": customer.name,
            "model": str(terms.model),
            "source": str(terms.source),
            "manager": terms.manager.username if terms.manager else None,
            "default_freeze": _freezes(terms),
            "reason": terms.reason,
        },
        trace=terms.trace,
    )
    association_completed.send(
        Association,
        association=association,
        actor=actor,
        moment=moment,
        freezes=_freezes(terms),
    )
    return association


def end(actor: Actor, association: Association, *, reason: str, moment: datetime) -> None:
    """End a locked association with all that hangs on it; the history stays (04-ASC-10, 08-CSD-17).

    Whoever ends it by a request completes that request before; others that wait are canceled.
    """
    for request in lock_open_requests(association):
        close_request(actor, request, RequestStatus.CANCELED, moment)
    association.ended_at = moment
    association.save(update_fields=["ended_at"])
    ManagerAssignment.objects.filter(association=association, ended_at=None).update(ended_at=moment)
    PartnerDiscount.objects.filter(association=association, closed_at=None).update(closed_at=moment)
    authorizations = OnBehalfAuthorization.objects.filter(association=association)
    authorizations.filter(status=AuthorizationStatus.PENDING).update(
        status=AuthorizationStatus.REVOKED, answered_at=moment, cause="disassociated"
    )
    authorizations.filter(status=AuthorizationStatus.ACCEPTED).update(
        status=AuthorizationStatus.REVOKED, expired_at=moment, cause="disassociated"
    )
    _record(
        actor,
        association,
        "ended",
        {"ended_at": moment.isoformat(), "reason": reason},
    )
    association_ended.send(Association, association=association, actor=actor, moment=moment)


def record_type_change(
    actor: Actor, association: Association, before: AssociationModel, reason: str
) -> None:
    """The change of the association type in both books; the customer's is a trace (08-CTS-02)."""
    after: dict[str, object] = {
        "model": association.model,
        "before": str(before),
        "reason": reason,
    }
    _record(actor, association, "type_changed", after, trace=str(TraceName.UNBIND))


def close_request(
    actor: Actor,
    request: AssociationRequest,
    status: RequestStatus,
    moment: datetime,
    *,
    answer: str = "",
) -> None:
    """Write the decision about a locked open request."""
    request.status = status
    request.decided_by_id = actor.user_id
    request.decided_at = moment
    request.answer = answer
    request.save(update_fields=["status", "decided_by", "decided_at", "answer"])


def add_record(
    actor: Actor,
    association: Association,
    purpose: Purpose,
    moment: datetime,
    *,
    initiator: Side,
    reason: str = "",
) -> AssociationRequest:
    """An association record of what is done already: nobody has to decide about it."""
    return AssociationRequest.objects.create(
        account_id=association.account_id,
        customer_id=association.customer_id,
        association=association,
        purpose=purpose,
        model=association.model,
        initiator=initiator,
        status=RequestStatus.COMPLETED,
        reason=reason,
        requested_by_id=actor.user_id,
        requested_at=moment,
        decided_by_id=actor.user_id,
        decided_at=moment,
    )


def _freezes(terms: Terms) -> bool:
    return terms.freezes and terms.model == AssociationModel.RESELLER


def _create(partner: Account, customer: Account, terms: Terms, moment: datetime) -> Association:
    distributor = resellers.queries.distributor_of(partner.pk)
    try:
        with transaction.atomic():
            return Association.objects.create(
                account=partner,
                customer=customer,
                model=terms.model,
                source=terms.source,
                custom_tag=terms.custom_tag,
                distributor_id=distributor.pk if distributor else None,
                xaccount_id=terms.xaccount_id,
                xaccount_type=terms.xaccount_type,
                associated_at=moment,
            )
    except IntegrityError as error:
        raise AlreadyAssociated(customer.name) from error


def _record_request(
    actor: Actor, association: Association, terms: Terms, moment: datetime
) -> AssociationRequest:
    if (request := terms.request) is None:
        return add_record(
            actor,
            association,
            Purpose.ASSOCIATION,
            moment,
            initiator=terms.initiator,
            reason=terms.reason,
        )
    request.association = association
    request.status = RequestStatus.COMPLETED
    request.decided_by_id = actor.user_id
    request.decided_at = moment
    request.save(update_fields=["association", "status", "decided_by", "decided_at"])
    return request


def _record(
    actor: Actor, association: Association, event: str, after: dict[str, object], *, trace: str = ""
) -> None:
    """One audit record in each of the two books."""
    for account_id in (association.account_id, association.customer_id):
        audit.services.record(
            actor,
            f"customers.association.{event}",
            association,
            after=after,
            account_id=account_id,
            trace=trace if account_id == association.customer_id else "",
        )
