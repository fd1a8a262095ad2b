"""Pre-registrations by the partner: reserve, ask for a review, delete; and how they end by time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction

import audit.services
from accounts.models import User
from partner_center import clock
from partner_center.actors import Actor

from .. import locks
from ..choices import AssociationModel, PreRegistrationReason, PreRegistrationStatus
from ..models import Association, PreRegistration
from ..models.development import OPEN_PREREGISTRATIONS
from ..permissions import MANAGE_DEVELOPMENT
from ..queries import development
from ..queries import preregistrations as queries
from ..refusals import (
    AlreadyPreregistered,
    CannotBeDeleted,
    CannotPreregister,
    DevelopmentOff,
    LimitReached,
    OwnContactMissing,
    ReferralOff,
)
from ..rules import eligibility
from ..rules.preregistration import LIMIT, review_due
from . import invitations, reserving
from .reserving import Parties

#: Rows that one transaction of the expiry job takes.
BATCH = 1000


@dataclass(frozen=True)
class Registration:
    """Form Preregister Customer; the mobile number is E.164."""

    customer_name: str
    email: str
    mobile: str
    model: AssociationModel = AssociationModel.RESELLER
    wants_invitation: bool = True
    remarks: str = ""


@dataclass(frozen=True)
class ReviewRequest:
    """What the reviewer reads besides (04-PRE-15, D-33). The attachment was checked on upload."""

    company: str
    country: str
    industry: str
    justification: str
    website: str = ""
    attachment: File | None = None
    attachment_name: str = ""


@transaction.atomic(durable=True)
def preregister(actor: Actor, *, details: Registration) -> PreRegistration:
    """Reserve a potential customer for 15 days; with the invitation at once, if wanted (04-PRE-13).

    Raises CannotPreregister with every reason of 04-PRE-02 and PRE-03, DevelopmentOff,
    ReferralOff, OwnContactMissing, AlreadyPreregistered, LimitReached.
    """
    actor.require(MANAGE_DEVELOPMENT)
    moment = clock.now()
    parties = _prepare(actor, details, moment)
    reasons = reserving.reasons_against(parties, moment)
    if reasons:
        raise CannotPreregister(reasons, may_be_reviewed=eligibility.may_be_reviewed(reasons))
    return _reserve(actor, _new(actor, parties, details, moment))


@transaction.atomic(durable=True)
def request_review(
    actor: Actor, *, details: Registration, review: ReviewRequest
) -> PreRegistration:
    """Ask the operator to decide about a customer that cannot be pre-registered directly.

    Registers at once when nothing stands against it any more. Raises what preregister raises;
    CannotPreregister only for reasons that no review overcomes (04-PRE-14, D-37).
    """
    actor.require(MANAGE_DEVELOPMENT)
    moment = clock.now()
    parties = _prepare(actor, details, moment)
    reasons = reserving.reasons_against(parties, moment)
    if not reasons:
        return _reserve(actor, _new(actor, parties, details, moment))
    if not eligibility.may_be_reviewed(reasons):
        raise CannotPreregister(reasons, may_be_reviewed=False)
    return _submit(actor, _new(actor, parties, details, moment), review, reasons)


@transaction.atomic(durable=True)
def delete(actor: Actor, preregistration_ids: Collection[int]) -> list[PreRegistration]:
    """Void pre-registrations and withdraw their open invitations (04-PRE-09).

    All or none: raises CannotBeDeleted naming the rows that stay, NotFound when one is missing.
    """
    actor.require(MANAGE_DEVELOPMENT)
    rows = locks.lock_own_preregistrations(actor, preregistration_ids)
    if staying := {row.pk: str(row) for row in rows if row.status in queries.UNDELETABLE}:
        raise CannotBeDeleted(staying)
    moment = clock.now()
    keys = [row.pk for row in rows]
    PreRegistration.objects.filter(pk__in=keys).update(
        status=PreRegistrationStatus.DELETED, deleted_at=moment
    )
    reserving.withdraw_invitations(keys, moment)
    for row in rows:
        audit.services.record(
            actor,
            "customers.preregistration.deleted",
            row,
            before={"status": row.status, "email": row.email},
        )
    return rows


def close_associated(association: Association) -> None:
    """The partner's reservation of a customer that was associated, in the running transaction."""
    rows = PreRegistration.objects.of_email(association.customer.email)
    rows.filter(
        account_id=association.account_id,
        status=PreRegistrationStatus.REGISTERED,
        expires_at__gt=association.associated_at,
    ).update(status=PreRegistrationStatus.ASSOCIATED, customer_id=association.customer_id)


def release_manager(actor: Actor, *, manager: User) -> int:
    """Leave the open pre-registrations of a member to nobody, in the running transaction.

    For members that were deleted or lost the role with which they look after customers (02 S-08).
    """
    rows = PreRegistration.objects.filter(manager=manager, status__in=OPEN_PREREGISTRATIONS)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if keys:
        rows.update(manager=None)
        audit.services.record(
            actor,
            "customers.preregistration.released",
            manager,
            before={"preregistrations": keys},
            account_id=manager.account_id,
        )
    return len(keys)


def expire_due(moment: datetime) -> int:
    """Write Expired wherever a reservation is over at ``moment``; returns how many (04-PRE-05).

    In transactions of their own, a thousand rows each: killed in between, the next run goes on.
    Rows that somebody else is changing wait for the next run.
    """
    total = 0
    while count := _expire_some(moment):
        total += count
    return total


@transaction.atomic(durable=True)
def _expire_some(moment: datetime) -> int:
    over = PreRegistration.objects.filter(
        status=PreRegistrationStatus.REGISTERED, expires_at__lte=moment
    )
    rows = list(
        over.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH]
    )
    reserving.expire([row.pk for row in rows], moment)
    for partner_id in sorted({row.account_id for row in rows}):
        keys = [row.pk for row in rows if row.account_id == partner_id]
        audit.services.record(
            Actor.system("customers.expire_preregistrations", partner_id),
            "customers.preregistration.expired",
            after={"preregistrations": keys},
        )
    return len(rows)


def _prepare(actor: Actor, details: Registration, moment: datetime) -> Parties:
    """Lock whom it concerns; refuse what is wrong with the partner rather than the customer."""
    parties = reserving.lock_parties(actor.account_id, details.email)
    if not development.may_develop(actor):
        raise DevelopmentOff
    if not queries.has_own_contact(actor):
        raise OwnContactMissing
    if details.model not in development.models_for(actor):
        raise ReferralOff
    if queries.is_open_for(actor.account_id, details.email, moment):
        raise AlreadyPreregistered(details.email)
    if queries.open_count(actor.account_id, moment) >= LIMIT:
        raise LimitReached
    return parties


def _reserve(actor: Actor, row: PreRegistration) -> PreRegistration:
    reserving.free_address(row.email, row.created_at)
    reserving.start(row, row.created_at)
    row.save(force_insert=True)
    _record(actor, row, "created")
    if row.wants_invitation:
        invitations.send_for(actor, row, row.created_at)
    return row


def _submit(
    actor: Actor,
    row: PreRegistration,
    review: ReviewRequest,
    reasons: list[PreRegistrationReason],
) -> PreRegistration:
    reserving.free_address(row.email, row.created_at)
    row.status = PreRegistrationStatus.PENDING_REVIEW
    row.reasons = [str(reason) for reason in reasons]
    row.review_due_at = review_due(row.created_at)
    for name, value in vars(review).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    _record(actor, row, "submitted")
    return row


def _new(
    actor: Actor, parties: Parties, details: Registration, moment: datetime
) -> PreRegistration:
    return PreRegistration(
        account=parties.partner,
        created_by_id=actor.user_id,
        manager_id=queries.manager_of(actor),
        created_at=moment,
        **vars(details),
    )


def _record(actor: Actor, row: PreRegistration, event: str) -> None:
    audit.services.record(
        actor,
        f"customers.preregistration.{event}",
        row,
        after={
            "customer_name": row.customer_name,
            "email": row.email,
            "mobile": row.mobile,
            "model": str(row.model),
            "reasons": row.reasons,
            "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        },
    )
