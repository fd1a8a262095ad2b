"""What is known of an account: state, name, kind; as values, and as expressions for lists."""

from __future__ import annotations

from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ..choices import ReviewStatus, VerifiedStatus
from ..models import RealNameApplication

#: ``customer_type`` of an account that is not authenticated (API B.1).
NO_TYPE = -1


def is_in_or_through(account_id: int) -> bool:
    """Whether the account is used for, or has passed, real-name authentication (01-RSL-04)."""
    return _of(account_id, ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED).exists()


def verified_status(account_id: int) -> VerifiedStatus:
    """What is known of the account. An approval stands while a change is under review."""
    statuses = set(
        RealNameApplication.objects.filter(account_id=account_id)
        .order_by()
        .values_list("status", flat=True)
        .distinct()
    )
    for status, known in _KNOWN:
        if status in statuses:
            return known
    return VerifiedStatus.NONE


def authenticated_name(account_id: int) -> str:
    """Name of the person or organisation that was authenticated; empty without one."""
    found = _of(account_id, ReviewStatus.APPROVED).values_list("name", flat=True).first()
    return found or ""


def customer_type(account_id: int) -> int:
    """0 individual, 1 enterprise, -1 not authenticated."""
    found = _of(account_id, ReviewStatus.APPROVED).values_list("identity", flat=True).first()
    return NO_TYPE if found is None else found


def status_of(reference: str = "pk") -> Case:
    """Expression: VerifiedStatus of the account at this reference; no query per row."""
    return Case(
        *(When(_has(reference, status), then=Value(known.value)) for status, known in _KNOWN),
        default=Value(VerifiedStatus.NONE.value),
        output_field=IntegerField(),
    )


def name_of(reference: str = "pk") -> Coalesce:
    """Expression: the authenticated name of the account at this reference; empty without one."""
    name = Subquery(_approved_at(reference).values("name"), output_field=CharField())
    return Coalesce(name, Value(""))


def accounts_named(text: str) -> QuerySet:
    """Keys of the accounts that were authenticated under a name with this text, for a subquery."""
    rows = RealNameApplication.objects.filter(status=ReviewStatus.APPROVED, name__icontains=text)
    return rows.order_by().values("account_id")


def is_authenticated(reference: str = "pk") -> Exists:
    """Condition: the account at this reference has passed real-name authentication."""
    return _has(reference, ReviewStatus.APPROVED)


def customer_type_of(reference: str = "pk") -> Coalesce:
    """Expression: 0 individual, 1 enterprise, -1 not authenticated."""
    kind = Subquery(_approved_at(reference).values("identity"), output_field=IntegerField())
    return Coalesce(kind, Value(NO_TYPE))


#: Which state of an application says what, the strongest first.
_KNOWN = (
    (ReviewStatus.APPROVED, VerifiedStatus.AUTHENTICATED),
    (ReviewStatus.UNDER_REVIEW, VerifiedStatus.UNDER_REVIEW),
    (ReviewStatus.REJECTED, VerifiedStatus.REJECTED),
)


def _of(account_id: int, *statuses: ReviewStatus) -> QuerySet[RealNameApplication]:
    return RealNameApplication.objects.filter(account_id=account_id, status__in=statuses)


def _at(reference: str, status: ReviewStatus) -> QuerySet[RealNameApplication]:
    return RealNameApplication.objects.filter(account_id=OuterRef(reference), status=status)


def _has(reference: str, status: ReviewStatus) -> Exists:
    return Exists(_at(reference, status))


def _approved_at(reference: str) -> QuerySet[RealNameApplication]:
    return _at(reference, ReviewStatus.APPROVED).order_by()
