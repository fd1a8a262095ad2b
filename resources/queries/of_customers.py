"""What a partner sees of one customer's resources (04 §8.3.1.9, 06 §9.2.3.1.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from catalog.choices import BillingMode
from catalog.models import Region, ServiceType
from customers.models import Association
from customers.queries import management
from partner_center.actors import Actor

from ..choices import ResourceStatus
from ..models import CloudResource
from ..permissions import VIEW_RESOURCES

#: Billing modes of the four tabs. A resource package is paid in advance for a term.
TERM = (BillingMode.YEARLY_MONTHLY, BillingMode.PACKAGE)
USAGE = (BillingMode.PAY_PER_USE,)
RESERVED = (BillingMode.RESERVED_UPFRONT, BillingMode.RESERVED_HOURLY)
SAVINGS = (BillingMode.SAVINGS_PLAN,)
#: The word of a resource whose customer's account and resources are frozen (04 D-28).
FROZEN = "Frozen"
#: The card Pending Renewals counts what expires within so many days (04-CUD-09).
EXPIRING_DAYS = (7, 15, 30)


def list_of(
    actor: Actor, association_id: int, modes: tuple[BillingMode, ...]
) -> QuerySet[CloudResource]:
    """Resources of one customer in these billing modes. Raises NotFound for one not to be seen."""
    actor.require(VIEW_RESOURCES)
    association = management.get_customer(actor, association_id)
    return CloudResource.objects.filter(account_id=association.customer_id, mode__in=modes)


def list_term(actor: Actor, association_id: int) -> QuerySet[CloudResource]:
    """The tab Yearly/Monthly Resources."""
    return list_of(actor, association_id, TERM)


def list_usage(actor: Actor, association_id: int) -> QuerySet[CloudResource]:
    """The tab Pay-per-use Resources."""
    return list_of(actor, association_id, USAGE)


def list_reserved(actor: Actor, association_id: int) -> QuerySet[CloudResource]:
    """The tab Reserved Instance."""
    return list_of(actor, association_id, RESERVED)


def list_savings(actor: Actor, association_id: int) -> QuerySet[CloudResource]:
    """The tab Savings Plans."""
    return list_of(actor, association_id, SAVINGS)


def status_word() -> Case:
    """Expression: the status as it is shown. Frozen goes before what the resource was doing."""
    words = (When(status=status, then=Value(str(status.label))) for status in ResourceStatus)
    return Case(When(in_status(FROZEN), then=Value(FROZEN)), *words)


def status_choices() -> list[tuple[str, str]]:
    """The words of the status, for filters."""
    return [*((status.value, str(status.label)) for status in ResourceStatus), (FROZEN, FROZEN)]


def in_status(value: str) -> Q:
    """Condition: the shown status is this one."""
    frozen = Q(frozen_at__isnull=False) & ~Q(status=ResourceStatus.RELEASED)
    return frozen if value == FROZEN else Q(status=value) & ~frozen


def product_types() -> QuerySet[ServiceType]:
    """What can be chosen as Product Type."""
    return ServiceType.objects.order_by("name")


def regions() -> QuerySet[Region]:
    """What can be chosen as Region."""
    return Region.objects.order_by("name")


@dataclass(frozen=True)
class Expiring:
    """The card Pending Renewals: how many resources expire within 7, 15 and 30 days (04-CUD-09)."""

    counts: tuple[tuple[int, int], ...]


def expiring(actor: Actor, association: Association, moment: datetime) -> Expiring | None:
    """What the customer must renew soon; None without the permission. One query."""
    if not actor.can(VIEW_RESOURCES):
        return None
    rows = list_term(actor, association.pk).existing().mains()  # type: ignore[attr-defined]
    counted = rows.aggregate(
        **{f"within_{days}": Count("pk", filter=_within(days, moment)) for days in EXPIRING_DAYS}
    )
    return Expiring(tuple((days, counted[f"within_{days}"]) for days in EXPIRING_DAYS))


def expiring_within(rows: QuerySet, days: int, moment: datetime) -> QuerySet:
    """The resources that :func:`expiring` counts: what is attached is renewed with its main one."""
    return rows.existing().mains().filter(_within(days, moment))  # type: ignore[attr-defined]


def _within(days: int, moment: datetime) -> Q:
    return Q(expires_at__gt=moment, expires_at__lte=moment + timedelta(days=days))
