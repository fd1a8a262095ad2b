"""Reads of pre-registrations: the partner's list, what it may do, the operator's queue."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.choices import SystemRole
from accounts.models import Account, RoleAssignment, User
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import FailureCause, InvitationStatus, PreRegistrationStatus
from ..models import Invitation, PreRegistration
from ..permissions import REVIEW_PREREGISTRATIONS, VIEW_DEVELOPMENT

#: What a row shows when its last invitation failed while the reservation still holds (8.2.2.4).
FAILED = str(InvitationStatus.FAILED)
#: Everything that the list can show as the status of a row, with its words.
SHOWN_STATUSES: dict[str, object] = {
    PreRegistrationStatus.PENDING_REVIEW: PreRegistrationStatus.PENDING_REVIEW.label,
    PreRegistrationStatus.REGISTERED: PreRegistrationStatus.REGISTERED.label,
    FAILED: InvitationStatus.FAILED.label,
    PreRegistrationStatus.REJECTED: PreRegistrationStatus.REJECTED.label,
    PreRegistrationStatus.ASSOCIATED: PreRegistrationStatus.ASSOCIATED.label,
    PreRegistrationStatus.EXPIRED: PreRegistrationStatus.EXPIRED.label,
}
#: Pending review and Associated stay (04-PRE-09).
UNDELETABLE = frozenset({PreRegistrationStatus.PENDING_REVIEW, PreRegistrationStatus.ASSOCIATED})


def list_preregistrations(actor: Actor) -> QuerySet[PreRegistration]:
    """Pre-registrations that the actor sees, without deleted ones.

    Each carries ``shown`` (key of SHOWN_STATUSES), ``failures`` (codes of the last invitation's
    causes, if it failed) and ``listed_at`` (the moment of the list).
    """
    actor.require(VIEW_DEVELOPMENT)
    moment = clock.now()
    rows = PreRegistration.objects.visible_to(actor).filter(deleted_at=None)
    last = Invitation.objects.filter(preregistration=OuterRef("pk")).order_by("-invited_at", "-pk")
    return rows.annotate(
        listed_at=Value(moment),
        last_status=Subquery(last.values("status")[:1]),
        failures=Subquery(last.values("causes")[:1]),
        shown=_shown(moment),
    )


def _shown(moment: datetime) -> Case:
    """A reservation that is over shows so even before the job has written it."""
    registered = Q(status=PreRegistrationStatus.REGISTERED)
    return Case(
        When(registered & Q(expires_at__lte=moment), then=Value(PreRegistrationStatus.EXPIRED)),
        When(registered & Q(last_status=FAILED), then=Value(FAILED)),
        default=F("status"),
        output_field=CharField(),
    )


def get_preregistration(actor: Actor, preregistration_id: int) -> PreRegistration:
    """One row of the list. Raises NotFound."""
    if (found := list_preregistrations(actor).filter(pk=preregistration_id).first()) is None:
        raise NotFound
    return found


def has_own_contact(actor: Actor) -> bool:
    """Whether a mobile number or e-mail address of the acting user is stored (04-PRE-06)."""
    own = User.objects.filter(pk=actor.user_id)
    return own.exclude(mobile="", email="").exists()


def open_count(partner_id: int, moment: datetime) -> int:
    """Pending and valid pre-registrations: what counts towards the limit (04-PRE-04)."""
    return PreRegistration.objects.filter(_is_open(moment), account_id=partner_id).count()


def is_open_for(partner_id: int, email: str, moment: datetime) -> bool:
    """Whether the partner itself has this address pending or reserved."""
    rows = PreRegistration.objects.of_email(email).filter(_is_open(moment))
    return rows.filter(account_id=partner_id).exists()


def _is_open(moment: datetime) -> Q:
    return Q(status=PreRegistrationStatus.PENDING_REVIEW) | Q(
        status=PreRegistrationStatus.REGISTERED, expires_at__gt=moment
    )


def manager_of(actor: Actor) -> int | None:
    """The acting member if customers can be assigned to it: an account manager or director."""
    held = RoleAssignment.objects.filter(
        user_id=actor.user_id or 0,
        role__system_code__in=[SystemRole.MANAGER, SystemRole.DIRECTOR],
    )
    return actor.user_id if held.exists() else None


def waived_causes(preregistration: PreRegistration | None) -> frozenset[FailureCause]:
    """Causes that do not stop the association, because a reviewer has approved (08 X-03)."""
    if preregistration is None or preregistration.reviewed_at is None:
        return frozenset()
    if preregistration.status not in (
        PreRegistrationStatus.REGISTERED,
        PreRegistrationStatus.ASSOCIATED,
    ):
        return frozenset()
    return frozenset({FailureCause.CONSUMPTION, FailureCause.REGISTERED_LONG_AGO})


def get_request(actor: Actor, preregistration_id: int) -> PreRegistration:
    """One pre-registration of any partner, for the operator. Raises NotFound."""
    actor.require(REVIEW_PREREGISTRATIONS)
    rows = PreRegistration.objects.select_related("account")
    if (found := rows.filter(pk=preregistration_id).first()) is None:
        raise NotFound
    return found


def is_pending(preregistration_id: object) -> bool:
    """Whether a request still waits for its review."""
    pending = PreRegistration.objects.filter(status=PreRegistrationStatus.PENDING_REVIEW)
    return pending.filter(pk=preregistration_id).exists()


def waiting_reviews(actor: Actor, moment: datetime) -> tuple[int, int]:
    """How many requests wait for the operator's review, and how many of them are overdue."""
    actor.require(REVIEW_PREREGISTRATIONS)
    found = PreRegistration.objects.filter(status=PreRegistrationStatus.PENDING_REVIEW).aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(review_due_at__lt=moment))
    )
    return found["waiting"], found["overdue"]


def has_attachment(preregistration_id: object) -> bool:
    """Whether the partner attached a file to its request."""
    return PreRegistration.objects.filter(pk=preregistration_id).exclude(attachment="").exists()


def operator_account() -> Account:
    """The operator's own account."""
    return Account.objects.get(is_operator=True)
