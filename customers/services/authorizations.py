"""Authorization of on-behalf work: asked by partners, granted and revoked by customers (08 §10.6)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services
from accounts.models import AgreementDocument, AgreementSignature
from audit.choices import TraceName
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import Stale

from .. import locks
from ..choices import AssociationModel, AuthorizationStatus
from ..models import Association, OnBehalfAuthorization
from ..permissions import MANAGE_PARTNER, REQUEST_AUTHORIZATION
from ..queries import authorizations as queries
from ..refusals.authorizations import (
    AlreadyAnswered,
    AlreadyObtained,
    AlreadyPending,
    CauseMissing,
    CauseTooLong,
    DistributorFirst,
    LetterNotAccepted,
    NotInForce,
    OnlyResellerModel,
)
from . import authorization_messages as telling

LONGEST_CAUSE = 128


@transaction.atomic(durable=True)
def request(
    actor: Actor, association_id: int, *, agreed_version: str = ""
) -> OnBehalfAuthorization:
    """Ask a customer to authorize the actor's account (04-ATH-01 to ATH-04, 08-AUT-13).

    ``agreed_version``: the version of the commitment letter that was shown and ticked, empty when it
    was not. Raises OnlyResellerModel, DistributorFirst, AlreadyPending, AlreadyObtained,
    LetterNotAccepted, Stale, NotFound.
    """
    actor.require(REQUEST_AUTHORIZATION)
    association = locks.lock_reachable(actor, association_id)
    _refuse_request(actor, association)
    moment = clock.now()
    if letter := queries.commitment_to_sign(actor):
        _sign(actor, letter, agreed_version, moment)
    authorization = OnBehalfAuthorization.objects.create(
        account_id=actor.account_id,
        association=association,
        customer_id=association.customer_id,
        requested_by_id=actor.user_id,
        requested_at=moment,
    )
    _record(actor, authorization, "requested", before={}, after={"status": "pending"})
    telling.tell_customer(actor, authorization)
    return authorization


@critical_operation(
    "customers.accept_authorization", _("Authorize the partner to act for me"), always=True
)
def agree(actor: Actor, authorization_id: int, *, agreed_version: str) -> OnBehalfAuthorization:
    """Authorize the partner; effective at once and without end (08-AUT-06, AUT-07, CAL-03).

    ``agreed_version``: of the authorization letter, as :func:`request`. Raises LetterNotAccepted,
    AlreadyAnswered, Stale, NotFound.
    """
    actor.require(MANAGE_PARTNER)
    authorization = _lock_pending(actor, authorization_id)
    moment = clock.now()
    authorization.signature = _sign(actor, queries.customer_letter(), agreed_version, moment)
    authorization.status = AuthorizationStatus.ACCEPTED
    authorization.answered_at = authorization.effective_at = moment
    authorization.save(update_fields=["signature", "status", "answered_at", "effective_at"])
    _record_answer(actor, authorization, "accepted")
    telling.tell_partner(actor, authorization)
    return authorization


@transaction.atomic(durable=True)
def reject(actor: Actor, authorization_id: int) -> OnBehalfAuthorization:
    """Refuse the partner's request; it may ask again. Raises AlreadyAnswered, NotFound."""
    actor.require(MANAGE_PARTNER)
    authorization = _lock_pending(actor, authorization_id)
    authorization.status = AuthorizationStatus.REJECTED
    authorization.answered_at = clock.now()
    authorization.save(update_fields=["status", "answered_at"])
    _record_answer(actor, authorization, "rejected")
    telling.tell_partner(actor, authorization)
    return authorization


@critical_operation(
    "customers.revoke_authorization", _("Revoke the authorization of the partner"), always=True
)
def revoke(actor: Actor, authorization_id: int, *, cause: str) -> OnBehalfAuthorization:
    """Take an authorization back for good; on-behalf work ends at once (08-AUT-10, AUT-11).

    Raises CauseMissing, CauseTooLong, NotInForce, NotFound.
    """
    actor.require(MANAGE_PARTNER)
    cause = _valid_cause(cause)
    authorization = locks.lock_authorization(actor, authorization_id)
    if authorization.status != AuthorizationStatus.ACCEPTED:
        raise NotInForce
    authorization.status = AuthorizationStatus.REVOKED
    authorization.expired_at = clock.now()
    authorization.cause = cause
    authorization.save(update_fields=["status", "expired_at", "cause"])
    _record(
        actor,
        authorization,
        "revoked",
        before={"status": "accepted"},
        after={"status": "revoked", "cause": cause},
    )
    telling.tell_partner(actor, authorization)
    return authorization


def grant_at_association(
    actor: Actor,
    association: Association,
    moment: datetime,
    *,
    signature: AgreementSignature | None = None,
) -> OnBehalfAuthorization:
    """Record the authorization that the customer ticked while it associated (08-CSA-04, CSA-05).

    Runs in the caller's transaction, after the association; effective from that moment. Signs the
    present letter unless the caller has a ``signature`` of it already. For a reseller's customer it is
    of use only with the distributor's grant (``queries.authorizations.may_act``).
    """
    if signature is None:
        signature = _new_signature(actor, queries.customer_letter(), moment)
    authorization = OnBehalfAuthorization.objects.create(
        account_id=association.account_id,
        association=association,
        customer_id=association.customer_id,
        status=AuthorizationStatus.ACCEPTED,
        requested_by_id=signature.user_id,
        requested_at=moment,
        signature=signature,
        answered_at=moment,
        effective_at=moment,
    )
    _record(
        actor,
        authorization,
        "accepted",
        before={},
        after={"status": "accepted"},
        trace=TraceName.AUTHORIZE,
    )
    return authorization


def _refuse_request(actor: Actor, association: Association) -> None:
    name = association.customer.name
    if association.model != AssociationModel.RESELLER:
        raise OnlyResellerModel(name)
    if queries.needs_grant(actor):
        raise DistributorFirst
    found = queries.open_of(actor.account_id, association.customer_id)
    if found and found.status == AuthorizationStatus.ACCEPTED:
        raise AlreadyObtained(name)
    if found:
        raise AlreadyPending(name)


def _lock_pending(actor: Actor, authorization_id: int) -> OnBehalfAuthorization:
    authorization = locks.lock_authorization(actor, authorization_id)
    if authorization.status != AuthorizationStatus.PENDING:
        raise AlreadyAnswered
    return authorization


def _sign(
    actor: Actor, letter: AgreementDocument, agreed_version: str, moment: datetime
) -> AgreementSignature:
    """Keep who accepted which version when and from where. Raises LetterNotAccepted, Stale."""
    if not agreed_version:
        raise LetterNotAccepted
    if agreed_version != letter.version:
        raise Stale
    return _new_signature(actor, letter, moment)


def _new_signature(actor: Actor, letter: AgreementDocument, moment: datetime) -> AgreementSignature:
    return AgreementSignature.objects.create(
        account_id=actor.account_id,
        document=letter,
        user_id=actor.user_id,
        signed_at=moment,
        ip=actor.ip,
    )


def _valid_cause(cause: str) -> str:
    if not (cause := cause.strip()):
        raise CauseMissing
    if len(cause) > LONGEST_CAUSE:
        raise CauseTooLong(len(cause))
    return cause


def _record_answer(actor: Actor, authorization: OnBehalfAuthorization, status: str) -> None:
    _record(
        actor,
        authorization,
        status,
        before={"status": "pending"},
        after={"status": status},
        trace=TraceName.AUTHORIZE,
    )


def _record(
    actor: Actor,
    authorization: OnBehalfAuthorization,
    event: str,
    *,
    before: dict[str, str],
    after: dict[str, str],
    trace: str = "",
) -> None:
    """One audit record in each of the two books; the trace is the customer's (08-CTS-02)."""
    for account_id in (authorization.account_id, authorization.customer_id):
        audit.services.record(
            actor,
            f"customers.authorization.{event}",
            authorization,
            before=before,
            after=after,
            account_id=account_id,
            trace=trace if account_id == authorization.customer_id else "",
        )
