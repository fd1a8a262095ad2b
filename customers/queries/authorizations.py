"""Reads of authorizations of on-behalf work (04 §8.3.1.10, 08 §10.6)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import Account, AgreementDocument, AgreementSignature
from accounts.queries import agreements
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssociationModel, AuthorizationStatus
from ..models import Association, OnBehalfAuthorization
from ..permissions import REQUEST_AUTHORIZATION, VIEW_PARTNER
from . import reach

#: The two letters, as agreements whose versions the operator publishes (08 §14.11, 14.12).
COMMITMENT_LETTER = "partner-commitment-letter"
CUSTOMER_LETTER = "customer-authorization-letter"

_OPEN = (AuthorizationStatus.PENDING, AuthorizationStatus.ACCEPTED)


def may_act(partner_id: int, customer_id: int) -> bool:
    """Whether this account may order and operate on behalf of the customer at this moment.

    Asked anew with every request of an on-behalf session, so that a revocation, the distributor's
    withdrawal and a disassociation end it at once (08-AUT-11, 07-RAUT-04, 06-OBH-08). A reseller
    needs its distributor's grant beside the customer's authorization (08-AUT-01, X-21); a distributor
    needs an authorization of its own, and that the reseller is still its own (06-DX-09).
    """
    found = (
        OnBehalfAuthorization.objects.filter(
            account_id=partner_id,
            customer_id=customer_id,
            status=AuthorizationStatus.ACCEPTED,
            association__ended_at=None,
            association__model=AssociationModel.RESELLER,
        )
        .select_related("association__account")
        .first()
    )
    if found is None:
        return False
    partner = found.association.account
    if partner.pk == partner_id:
        return partner.partner_kind != PartnerKind.RESELLER or resellers.queries.on_behalf_granted(
            partner_id
        )
    distributor = resellers.queries.distributor_of(partner.pk)
    return distributor is not None and distributor.pk == partner_id


def needs_grant(actor: Actor) -> bool:
    """Whether the actor's account is a reseller that its distributor has not permitted (06-OBH-06)."""
    return actor.partner_kind == PartnerKind.RESELLER and not resellers.queries.on_behalf_granted(
        actor.account_id
    )


def commitment_to_sign(actor: Actor) -> AgreementDocument | None:
    """The commitment letter, if the actor's account has not accepted its present version (04-ATH-02).

    None for resellers: their distributor's letter covers them (08-PCL-02).
    """
    if actor.partner_kind == PartnerKind.RESELLER:
        return None
    letter = agreements.read(COMMITMENT_LETTER)
    signed = AgreementSignature.objects.filter(account_id=actor.account_id, document=letter)
    return None if signed.exists() else letter


def open_of(account_id: int, customer_id: int) -> OnBehalfAuthorization | None:
    """The pending or accepted authorization of this pair; there is at most one (08-AUT-14)."""
    rows = OnBehalfAuthorization.objects.filter(account_id=account_id, customer_id=customer_id)
    return rows.filter(status__in=_OPEN).first()


def last_of(actor: Actor, association_id: int) -> OnBehalfAuthorization | None:
    """The latest authorization of the actor's own account by this customer, whatever became of it."""
    rows = OnBehalfAuthorization.objects.filter(
        account_id=actor.account_id, association_id=association_id
    )
    return rows.order_by("-requested_at", "-pk").first()


@dataclass(frozen=True)
class Requestable:
    """What the partner sees before it asks for an authorization."""

    association: Association
    #: The last request of this association, open or closed.
    last: OnBehalfAuthorization | None
    letter: AgreementDocument | None
    needs_grant: bool

    @property
    def is_pending(self) -> bool:
        """The customer has not answered yet."""
        return self.last is not None and self.last.status == AuthorizationStatus.PENDING

    @property
    def is_obtained(self) -> bool:
        """The customer has authorized the partner (06-DCU-09, 07-RCUS-11)."""
        return self.last is not None and self.last.status == AuthorizationStatus.ACCEPTED

    @property
    def may_request(self) -> bool:
        """Whether a request would be accepted."""
        is_reseller_model = self.association.model == AssociationModel.RESELLER
        return is_reseller_model and not (self.is_pending or self.is_obtained or self.needs_grant)


def requestable(actor: Actor, association_id: int) -> Requestable:
    """The state of asking one customer, its own or its reseller's. Raises NotFound."""
    actor.require(REQUEST_AUTHORIZATION)
    rows = reach.reachable(actor).select_related("customer", "account")
    if (association := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return Requestable(
        association,
        last_of(actor, association.pk),
        commitment_to_sign(actor),
        needs_grant(actor),
    )


def list_of_customer(actor: Actor) -> QuerySet[OnBehalfAuthorization]:
    """All requests that the actor's account has got from partners, newest first (08-AUT-03)."""
    actor.require(VIEW_PARTNER)
    rows = OnBehalfAuthorization.objects.filter(customer_id=actor.account_id)
    return rows.select_related("account", "customer").order_by("-requested_at", "-pk")


def get_of_customer(actor: Actor, authorization_id: int) -> OnBehalfAuthorization:
    """One request to the actor's account. Raises NotFound."""
    rows = list_of_customer(actor).select_related("signature__document", "signature__user")
    if (found := rows.filter(pk=authorization_id).first()) is None:
        raise NotFound
    return found


def has_accepted(actor: Actor) -> bool:
    """Whether somebody may act on behalf of the actor's account."""
    rows = OnBehalfAuthorization.objects.filter(customer_id=actor.account_id)
    return rows.filter(status=AuthorizationStatus.ACCEPTED).exists()


def customer_letter() -> AgreementDocument:
    """The present version of the Customer Authorization Letter."""
    return agreements.read(CUSTOMER_LETTER)


@dataclass(frozen=True)
class SignedLetter:
    """A Letter of Authorization as it was signed (08-AUT-09)."""

    authorization: OnBehalfAuthorization
    customer: Account
    document: AgreementDocument
    signature: AgreementSignature

    @property
    def number(self) -> str:
        """What stands on the paper, and in the file's name."""
        return f"LOA-{self.authorization.pk:08d}"


def signed_letter(actor: Actor, authorization_id: int) -> SignedLetter:
    """The letter that the actor's account signed for a partner. Raises NotFound if it signed none."""
    found = get_of_customer(actor, authorization_id)
    if (signature := found.signature) is None:
        raise NotFound
    customer = Account.objects.get(pk=found.customer_id)
    return SignedLetter(found, customer, signature.document, signature)
