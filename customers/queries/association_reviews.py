"""Association records that the operator, then perhaps the partner, decides about."""

from __future__ import annotations

from accounts.choices import PartnerKind
from accounts.models import Account, User
from accounts.queries import standing
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssociationModel, Purpose, RequestStatus
from ..models import AssociationRequest
from ..permissions import DISASSOCIATE, MANAGE_DEVELOPMENT, OPERATE_ASSOCIATIONS


def customer_named(account_name: str) -> Account | None:
    """The customer account with this name: no partner, not the operator."""
    rows = Account.objects.filter(name__iexact=account_name.strip(), is_operator=False)
    return rows.filter(partner_kind=PartnerKind.NONE).first()


def may_refer(actor: Actor) -> bool:
    """Whether the partner may choose the Referral model (04-TM-03); never a reseller (CSA-26)."""
    actor.require(MANAGE_DEVELOPMENT)
    is_reseller = actor.partner_kind == PartnerKind.RESELLER
    return not is_reseller and standing.terms_of(actor.account_id).may_refer


def model_for(partner: Account, wished: AssociationModel) -> AssociationModel:
    """Customers of a distributor's reseller are associated in the Reseller model only (CSA-26)."""
    if partner.partner_kind == PartnerKind.RESELLER:
        return AssociationModel.RESELLER
    return wished


def get_review(actor: Actor, request_id: int) -> AssociationRequest:
    """An association record, for the operator. Raises NotFound."""
    actor.require(OPERATE_ASSOCIATIONS)
    rows = AssociationRequest.objects.filter(purpose=Purpose.ASSOCIATION)
    return _one(rows.select_related("invitation").filter(pk=request_id).first())


def waiting_count(actor: Actor) -> int:
    """How many associations wait for the operator's decision."""
    actor.require(OPERATE_ASSOCIATIONS)
    return AssociationRequest.objects.filter(
        purpose=Purpose.ASSOCIATION, status=RequestStatus.PENDING_REVIEW
    ).count()


def get_confirmable(actor: Actor, request_id: int) -> AssociationRequest:
    """An association record of the partner itself. Raises NotFound."""
    actor.require(DISASSOCIATE)
    rows = AssociationRequest.objects.visible_to(actor).filter(purpose=Purpose.ASSOCIATION)
    return _one(rows.select_related("invitation").filter(pk=request_id).first())


def manager_id_of(request: AssociationRequest) -> int | None:
    """Who brought the customer in: whoever invited it, or asked for the association."""
    if request.invitation:
        return request.invitation.manager_id
    asked = User.objects.filter(pk=request.requested_by_id, account_id=request.account_id)
    return asked.values_list("pk", flat=True).first()


def _one(found: AssociationRequest | None) -> AssociationRequest:
    if found is None:
        raise NotFound
    return found
