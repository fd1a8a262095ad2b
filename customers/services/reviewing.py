"""The operator's manual review of pre-registrations (04-PRE-03, PRE-08, PRE-15)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
import notifications.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor

from .. import locks
from ..choices import PreRegistrationStatus
from ..message_types import PREREGISTRATION_OVERDUE, PREREGISTRATION_REVIEWED
from ..models import PreRegistration
from ..permissions import REVIEW_PREREGISTRATIONS
from ..queries import preregistrations as queries
from ..refusals import AlreadyReviewed, CannotBeApproved
from ..rules.eligibility import REVIEWABLE_REASONS
from . import invitations, reserving


@transaction.atomic(durable=True)
def approve(actor: Actor, preregistration_id: int) -> PreRegistration:
    """Let the reservation hold for 15 days from now, and invite the customer if that was wanted.

    The reasons of 04-PRE-03 are overcome by the approval; those of PRE-02 are looked at again.
    Raises CannotBeApproved (another partner was quicker), AlreadyReviewed, NotFound.
    """
    actor.require(REVIEW_PREREGISTRATIONS)
    moment = clock.now()
    asked = queries.get_request(actor, preregistration_id)
    parties = reserving.lock_parties(asked.account_id, asked.email)
    row = _lock_pending(preregistration_id)
    found = reserving.reasons_against(parties, moment)
    if barring := [reason for reason in found if reason not in REVIEWABLE_REASONS]:
        raise CannotBeApproved(barring)
    reserving.free_address(row.email, moment)
    reserving.start(row, moment)
    _decide(actor, row, "approved", moment)
    if row.wants_invitation:
        invitations.send_for(actor, row, moment)
    return row


@transaction.atomic(durable=True)
def reject(actor: Actor, preregistration_id: int, *, reason: str) -> PreRegistration:
    """Refuse the request; its slot is free again. Raises AlreadyReviewed, NotFound."""
    actor.require(REVIEW_PREREGISTRATIONS)
    row = _lock_pending(preregistration_id)
    row.status = PreRegistrationStatus.REJECTED
    row.answer = reason
    _decide(actor, row, "rejected", clock.now())
    return row


@transaction.atomic(durable=True)
def flag_overdue(moment: datetime) -> int:
    """Tell the operator, once each, about requests that wait longer than two working days.

    Returns how many are overdue now, told before or not (04-PRE-08).
    """
    overdue = PreRegistration.objects.filter(
        status=PreRegistrationStatus.PENDING_REVIEW, review_due_at__lt=moment
    )
    rows = list(overdue.select_related("account").order_by("review_due_at", "pk"))
    if rows:
        operator = queries.operator_account()
        for row in rows:
            _tell_operator(operator, row)
    return len(rows)


def _lock_pending(preregistration_id: int) -> PreRegistration:
    row = locks.lock_preregistration(preregistration_id)
    if row.status != PreRegistrationStatus.PENDING_REVIEW:
        raise AlreadyReviewed
    return row


def _decide(actor: Actor, row: PreRegistration, event: str, moment: datetime) -> None:
    row.reviewed_by_id = actor.user_id
    row.reviewed_at = moment
    row.save(
        update_fields=[
            "status",
            "answer",
            "registered_at",
            "expires_at",
            "reviewed_by",
            "reviewed_at",
        ]
    )
    audit.services.record(
        actor,
        f"customers.preregistration.{event}",
        row,
        before={"status": str(PreRegistrationStatus.PENDING_REVIEW), "reasons": row.reasons},
        after={"status": str(row.status), "answer": row.answer},
        account_id=row.account_id,
    )
    _tell_requester(actor, row, event)


def _tell_requester(actor: Actor, row: PreRegistration, event: str) -> None:
    notifications.services.notify(
        actor,
        account_id=row.account_id,
        type=PREREGISTRATION_REVIEWED.code,
        key=f"preregistration:{row.pk}:reviewed",
        template=f"preregistration_{event}",
        context={"customer": row.customer_name, "answer": row.answer},
        facts=[
            (_("Customer Name"), row.customer_name),
            (_("Email"), row.email),
            (_("Expiration Date"), row.expires_at or "--"),
            (_("Reviewed"), row.reviewed_at),
        ],
        link=reverse("preregistrations:list"),
        link_label=_("Customer Development"),
        only_users={row.created_by_id},
    )


def _tell_operator(operator: Account, row: PreRegistration) -> None:
    notifications.services.notify(
        Actor.system("customers.watch_reviews", operator.pk, operator.name),
        account_id=operator.pk,
        type=PREREGISTRATION_OVERDUE.code,
        key=f"preregistration:{row.pk}:overdue",
        template="preregistration_overdue",
        context={"customer": row.customer_name, "partner": row.account.title},
        facts=[
            (_("Partner"), row.account.title),
            (_("Submitted"), row.created_at),
            (_("Review due"), row.review_due_at),
        ],
        link=reverse("admin:customers_preregistration_change", args=[row.pk]),
        link_label=_("Review"),
    )
