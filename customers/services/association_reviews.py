"""Associations that the operator decides about: tickets of customers and partners (08 X-03, CSA-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
from accounts import locks as account_locks
from accounts.choices import AccountStage
from accounts.models import Account, AgreementSignature, User
from accounts.queries.registration import own_account
from audit.choices import TraceName
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound

from ..causes import REVIEWABLE
from ..choices import (
    AssociationModel,
    AssociationSource,
    FailureCause,
    InvitationStatus,
    Purpose,
    RequestStatus,
    Side,
)
from ..locks import lock_invitation
from ..models import Association, AssociationRequest, Invitation
from ..permissions import DISASSOCIATE, MANAGE_DEVELOPMENT, OPERATE_ASSOCIATIONS
from ..queries import association_reviews as reads
from ..queries import instructions
from ..queries.landing import causes_of
from ..refusals.acceptance import (
    CannotBeWaived,
    NoSuchCustomer,
    NothingToReview,
    NotReviewable,
    ReasonNeeded,
    ReviewPending,
    ServicesNotEnabled,
)
from ..rules.landing import may_be_waived
from . import acceptance, associating
from .association_messages import tell_associated, tell_reviewed
from .authorizations import grant_at_association
from .instructions import sign_letter, sign_missing


@dataclass(frozen=True)
class _Case:
    """A request with both accounts and its invitation, all locked, and its manager."""

    request: AssociationRequest
    partner: Account
    customer: Account
    invitation: Invitation | None
    manager: User | None


@transaction.atomic(durable=True)
def request_by_customer(
    actor: Actor, token: str, *, instructions_version: str, letter: bool, reason: str
) -> AssociationRequest:
    """Ask the operator to review a refused association: AF16 to AF20 (08 X-03).

    The consents of the landing page are signed now, because the association may follow later.
    Raises NothingToReview, ServicesNotEnabled, ReviewPending, InstructionsNotAgreed and what
    ``acceptance.lock_entry`` raises.
    """
    acceptance.require_associating(actor)
    entry = acceptance.lock_entry(actor, token)
    causes = causes_of(entry.customer, entry.partner, entry.opened.model, entry.moment)
    if not may_be_waived(causes, REVIEWABLE):
        raise NothingToReview
    if entry.customer.stage == AccountStage.REGISTERED:
        raise ServicesNotEnabled
    signature = None
    if entry.opened.is_reseller:
        acceptance.refuse_unread(instructions_version)
        sign_missing(actor, [instructions.INSTRUCTIONS], entry.moment)
        signature = sign_letter(actor, entry.moment).pk if letter else None
    return _open(
        actor,
        AssociationRequest(
            account=entry.partner,
            customer=entry.customer,
            invitation=entry.invitation,
            model=entry.opened.model,
            initiator=Side.CUSTOMER,
            reason=reason,
            checks={"causes": [str(cause) for cause in causes], "letter": signature},
        ),
        entry.moment,
    )


@transaction.atomic(durable=True)
def request_by_partner(
    actor: Actor, *, account_name: str, model: AssociationModel, reason: str
) -> AssociationRequest:
    """Ask the operator to associate a customer: the alternative to an invitation (08-CSA-16).

    What stands against it is kept for the operator and not shown to the partner. Raises
    NoSuchCustomer, ReviewPending.
    """
    actor.require(MANAGE_DEVELOPMENT)
    customer = reads.customer_named(account_name)
    if customer is None:
        raise NoSuchCustomer
    moment, partner = clock.now(), own_account(actor)
    causes = causes_of(customer, partner, model, moment)
    return _open(
        actor,
        AssociationRequest(
            account=partner,
            customer=customer,
            model=reads.model_for(partner, model),
            initiator=Side.PARTNER,
            reason=reason,
            checks={"causes": [str(cause) for cause in causes]},
        ),
        moment,
    )


@transaction.atomic(durable=True)
def approve(actor: Actor, request_id: int, *, freezes: bool = False) -> AssociationRequest:
    """Waive what the request was about and associate, by the operator (08-CSA-16, X-03).

    ``freezes`` places the default freeze. When the invitation has expired meanwhile, the partner
    is asked first: Pending confirmation (07-RASC-09). Raises CannotBeWaived, NotReviewable.
    """
    actor.require(OPERATE_ASSOCIATIONS)
    case = _lock(reads.get_review(actor, request_id), RequestStatus.PENDING_REVIEW)
    moment = clock.now()
    case.request.checks |= {"freezes": freezes}
    _refuse_causes(case, moment)
    if _has_expired(case.invitation, moment):
        case.request.status = RequestStatus.PENDING
        case.request.save(update_fields=["status", "checks"])
    else:
        case.request.save(update_fields=["checks"])
        _associate(actor, case, moment)
    _record(actor, case.request, "approved", {"default_freeze": freezes}, trace=TraceName.REVIEW)
    if case.request.status == RequestStatus.PENDING:
        tell_reviewed(actor, case.request, moment)
    return case.request


@transaction.atomic(durable=True)
def reject(actor: Actor, request_id: int, *, reason: str) -> AssociationRequest:
    """Turn a request down, by the operator, saying why. Raises ReasonNeeded, NotReviewable."""
    actor.require(OPERATE_ASSOCIATIONS)
    if not reason.strip():
        raise ReasonNeeded
    case = _lock(reads.get_review(actor, request_id), RequestStatus.PENDING_REVIEW)
    _close(actor, case.request, reason.strip())
    return case.request


@critical_operation("customers.confirm_association", _("Agree or reject associations"))
def confirm_association(
    actor: Actor, request_id: int, *, agree: bool, answer: str = ""
) -> AssociationRequest:
    """The partner agrees to an association that the operator has approved, or rejects it (07-RASC-09).

    Everything is asked again, but for what the operator has waived. Raises NotFound, NotReviewable,
    CannotBeWaived.
    """
    actor.require(DISASSOCIATE)
    case = _lock(reads.get_confirmable(actor, request_id), RequestStatus.PENDING)
    if not agree:
        _close(actor, case.request, answer.strip())
        return case.request
    moment = clock.now()
    _refuse_causes(case, moment)
    case.request.answer = answer.strip()
    case.request.save(update_fields=["answer"])
    _associate(actor, case, moment)
    _record(
        actor,
        case.request,
        "agreed",
        {"answer": case.request.answer},
        trace=TraceName.REVIEW,
    )
    return case.request


def reject_confirmation(actor: Actor, request_id: int) -> AssociationRequest:
    """The partner's rejection inside a batch, in the caller's transaction. Raises as above."""
    case = _lock(reads.get_confirmable(actor, request_id), RequestStatus.PENDING)
    _close(actor, case.request, "")
    return case.request


def _open(actor: Actor, request: AssociationRequest, moment: datetime) -> AssociationRequest:
    request.purpose = Purpose.ASSOCIATION
    request.status = RequestStatus.PENDING_REVIEW
    request.requested_by_id = actor.user_id
    request.requested_at = moment
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise ReviewPending from error
    _record(actor, request, "requested", {"reason": request.reason, "model": str(request.model)})
    return request


def _lock(found: AssociationRequest, status: RequestStatus) -> _Case:
    """Everything that the decision is about, in the order of ``locks``. Raises NotReviewable."""
    ids = sorted({found.account_id, found.customer_id})
    locked = {pk: account_locks.lock_account(pk) for pk in ids}
    manager = acceptance.manager_of(reads.manager_id_of(found), locked[found.account_id])
    invitation = lock_invitation(found.invitation_id) if found.invitation_id else None
    request = AssociationRequest.objects.select_for_update(no_key=True).get(pk=found.pk)
    if request.status != status:
        raise NotReviewable
    partner, customer = locked[request.account_id], locked[request.customer_id]
    if not partner.partner_kind:
        raise NotFound
    return _Case(request, partner, customer, invitation, manager)


def _refuse_causes(case: _Case, moment: datetime) -> None:
    """Whatever the operator may not waive, or has not seen in this request."""
    seen = {FailureCause(cause) for cause in case.request.checks.get("causes", ())}
    causes = causes_of(
        case.customer,
        case.partner,
        AssociationModel(case.request.model),
        moment,
        waived=seen & REVIEWABLE,
    )
    if causes:
        raise CannotBeWaived(causes)


def _has_expired(invitation: Invitation | None, moment: datetime) -> bool:
    if invitation is None:
        return False
    over = (InvitationStatus.EXPIRED, InvitationStatus.WITHDRAWN)
    past = bool(invitation.expires_at and invitation.expires_at <= moment)
    return past or invitation.status in over


def _associate(actor: Actor, case: _Case, moment: datetime) -> Association:
    request, invitation = case.request, case.invitation
    freezes = bool(request.checks.get("freezes"))
    association = associating.complete(
        actor,
        partner=case.partner,
        customer=case.customer,
        terms=associating.Terms(
            model=AssociationModel(request.model),
            source=AssociationSource(invitation.method) if invitation else AssociationSource.TICKET,
            initiator=Side(request.initiator),
            custom_tag=invitation.custom_tag if invitation else "",
            manager=case.manager,
            freezes=freezes,
            reason=request.reason,
            request=request,
        ),
        moment=moment,
    )
    if invitation:
        acceptance.finish(invitation, case.customer, moment)
    if signature_id := request.checks.get("letter"):
        signature = AgreementSignature.objects.get(pk=signature_id)
        grant_at_association(actor, association, moment, signature=signature)
    tell_associated(actor, association, freezes=freezes)
    return association


def _close(actor: Actor, request: AssociationRequest, answer: str) -> None:
    moment = clock.now()
    request.status = RequestStatus.REJECTED
    request.answer = answer
    request.decided_by_id = actor.user_id
    request.decided_at = moment
    request.save(update_fields=["status", "answer", "decided_by", "decided_at"])
    _record(actor, request, "rejected", {"answer": answer}, trace=TraceName.REVIEW)
    tell_reviewed(actor, request, moment)


def _record(
    actor: Actor,
    request: AssociationRequest,
    event: str,
    after: dict[str, object],
    *,
    trace: str = "",
) -> None:
    """One audit record in each of the two books."""
    for account_id in (request.account_id, request.customer_id):
        audit.services.record(
            actor,
            f"customers.association_request.{event}",
            request,
            after={"status": str(request.status), **after},
            account_id=account_id,
            trace=trace if account_id == request.customer_id else "",
        )
