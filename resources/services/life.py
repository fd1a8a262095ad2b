"""The life of resources, from provisioning to release: building blocks inside a caller's transaction.

Whoever calls has asked permission and guard, and has locked the customer. Reads and writes are
set-based where many resources are concerned.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from catalog.choices import BillingMode, ResetCycle
from catalog.models import Product, Region
from partner_center.clock import BillingCycle

from ..choices import ExpiryPolicy, ReleaseCause, ResourceStatus
from ..models import (
    CloudResource,
    CloudResourceQuerySet,
    EnterpriseProject,
    FrozenInterval,
    PackageQuota,
    ProjectStay,
)
from ..rules import terms
from ..rules.terms import Term

#: Modes without a retention period: nothing runs that could be kept.
ENDING_AT_ONCE = (
    BillingMode.RESERVED_UPFRONT,
    BillingMode.RESERVED_HOURLY,
    BillingMode.SAVINGS_PLAN,
    BillingMode.PACKAGE,
)


@dataclass(frozen=True)
class Provision:
    """One resource to be entered. ``term`` is absent for pay-per-use."""

    product: Product
    region: Region | None
    name: str
    zone: str = ""
    size: int | None = None
    quantity: int = 1
    term: Term | None = None
    period: str = ""
    order_no: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    project: EnterpriseProject | None = None


def provide(customer_id: int, wanted: Sequence[Provision], moment: datetime) -> list[CloudResource]:
    """Enter resources of a customer; they run at once (08-BUY-09: a record, no machine).

    Packages get their quota, one row a calendar month or one for the whole term.
    """
    resources = CloudResource.objects.bulk_create(
        _resource(customer_id, wish, moment) for wish in wanted
    )
    PackageQuota.objects.bulk_create(
        quota
        for resource, wish in zip(resources, wanted, strict=True)
        if wish.term
        for quota in _quotas(resource, wish.term)
    )
    _open_stays(resources, moment)
    return resources


def renew(resource: CloudResource, term: Term, *, order_no: str, moment: datetime) -> None:
    """Give a locked resource another term; one in its retention period runs again.

    A package gets the quota of the new term; the month that is running keeps the one that it has.
    """
    runs = resource.status == ResourceStatus.EXPIRED
    resource.expires_at, resource.order_no = term.ends, order_no
    resource.status = ResourceStatus.RUNNING if runs else resource.status
    resource.retained_until, resource.updated_at = None, moment
    resource.save(
        update_fields=["expires_at", "order_no", "status", "retained_until", "updated_at"]
    )
    _add_quotas(resource, term)


def cut_back(resource: CloudResource, expires_at: datetime, moment: datetime) -> None:
    """Take terms that have not begun from a locked resource."""
    resource.expires_at, resource.updated_at = expires_at, moment
    resource.save(update_fields=["expires_at", "updated_at"])
    PackageQuota.objects.filter(resource=resource, starts_at__gte=expires_at).delete()
    PackageQuota.objects.filter(resource=resource, ends_at__gt=expires_at).update(
        ends_at=expires_at
    )


def change(
    resource: CloudResource,
    product: Product,
    *,
    size: int | None,
    moment: datetime,
    order_no: str = "",
) -> None:
    """Give a locked resource another specification or size."""
    resource.product, resource.size = product, size
    resource.spec_text = spec_text(product)
    resource.order_no = order_no or resource.order_no
    resource.updated_at = moment
    resource.save(update_fields=["product", "size", "spec_text", "order_no", "updated_at"])


def convert(
    resource: CloudResource,
    product: Product,
    *,
    term: Term | None,
    period: str,
    order_no: str,
    moment: datetime,
) -> None:
    """Bill a locked resource in another mode from ``moment`` on; without ``term`` by use."""
    resource.product, resource.mode = product, product.mode
    resource.effective_at = term.starts if term else moment
    resource.expires_at = term.ends if term else None
    resource.period, resource.order_no = period, order_no or resource.order_no
    resource.expiry_policy = ExpiryPolicy.RETAIN
    resource.auto_renewals_left, resource.auto_renew_period = None, ""
    resource.retained_until, resource.updated_at = None, moment
    resource.save(
        update_fields=[
            "product",
            "mode",
            "effective_at",
            "expires_at",
            "period",
            "order_no",
            "expiry_policy",
            "auto_renewals_left",
            "auto_renew_period",
            "retained_until",
            "updated_at",
        ]
    )


def release(resources: CloudResourceQuerySet, cause: ReleaseCause, moment: datetime) -> int:
    """Release these resources, and what is attached to them; returns how many.

    Their data is gone. Quotas of packages end; what they have left free so far stays on record.
    """
    mains = list(resources.existing().values_list("pk", flat=True))
    family = CloudResource.objects.existing().filter(Q(pk__in=mains) | Q(parent__in=mains))
    keys = list(family.values_list("pk", flat=True))
    PackageQuota.objects.filter(resource__in=keys, ends_at__gt=moment).update(ends_at=moment)
    return CloudResource.objects.filter(pk__in=keys).update(
        status=ResourceStatus.RELEASED,
        released_at=moment,
        release_cause=cause,
        retained_until=None,
        frozen_at=None,
        updated_at=moment,
    )


def move(
    resources: Sequence[CloudResource], project: EnterpriseProject | None, moment: datetime
) -> None:
    """Put locked resources into a project, or back into the default one.

    What was charged so far stays with the project that they were in.
    """
    moving = [row for row in resources if row.project_id != (project and project.pk)]
    keys = [row.pk for row in moving]
    ProjectStay.objects.filter(resource__in=keys, ended_at=None).update(ended_at=moment)
    CloudResource.objects.filter(pk__in=keys).update(project=project, updated_at=moment)
    for row in moving:
        row.project = project
    _open_stays(moving, moment)


def _open_stays(resources: Sequence[CloudResource], moment: datetime) -> None:
    ProjectStay.objects.bulk_create(
        ProjectStay(
            account_id=row.account_id, resource=row, project_id=row.project_id, began_at=moment
        )
        for row in resources
        if row.project_id
    )


def freeze(customer_ids: Collection[int], moment: datetime) -> None:
    """Let the resources of these customers stand still: usage from now on is not charged (04 D-17).

    All of them, or those that are paid by use when FREEZE_PAY_PER_USE_ONLY says so. Customers that
    stand still already are left alone.
    """
    still = FrozenInterval.objects.filter(account__in=customer_ids, ended_at=None)
    moving = set(customer_ids) - set(still.values_list("account_id", flat=True))
    FrozenInterval.objects.bulk_create(
        FrozenInterval(account_id=key, began_at=moment) for key in sorted(moving)
    )
    rows = _existing(moving).filter(frozen_at=None)
    if settings.FREEZE_PAY_PER_USE_ONLY:
        rows = rows.filter(mode=BillingMode.PAY_PER_USE)
    rows.update(frozen_at=moment, updated_at=moment)


def unfreeze(customer_ids: Collection[int], moment: datetime) -> None:
    """Let the resources of these customers run again."""
    still = FrozenInterval.objects.filter(account__in=customer_ids, ended_at=None)
    still.update(ended_at=moment)
    frozen = _existing(customer_ids).exclude(frozen_at=None)
    frozen.update(frozen_at=None, updated_at=moment)


def release_frozen(customer_id: int, moment: datetime) -> int:
    """Release what is frozen of a customer whose retention has ended; returns how many (D-18)."""
    frozen = _existing([customer_id]).exclude(frozen_at=None)
    released = release(frozen, ReleaseCause.FROZEN, moment)
    unfreeze([customer_id], moment)
    return released


def expire(moment: datetime) -> int:
    """Write the end of terms that are over by ``moment``; returns how many resources.

    They are kept for the retention period of the expiry, not usable; reservations and packages have
    nothing to keep and end. What changes to pay-per-use on expiry is left to the orders.
    """
    due = CloudResource.objects.existing().filter(
        status__in=[ResourceStatus.RUNNING, ResourceStatus.STOPPED], expires_at__lte=moment
    )
    release(due.filter(mode__in=ENDING_AT_ONCE), ReleaseCause.EXPIRED, moment)
    kept = due.exclude(expiry_policy=ExpiryPolicy.TO_PAY_PER_USE)
    return kept.update(
        status=ResourceStatus.EXPIRED,
        retained_until=F("expires_at") + retention(),
        updated_at=moment,
    )


def end_retention(moment: datetime) -> int:
    """Release what was kept after its expiry until ``moment``; returns how many."""
    due = CloudResource.objects.filter(
        status=ResourceStatus.EXPIRED, retained_until__lte=moment, released_at=None
    )
    return release(due, ReleaseCause.EXPIRED, moment)


def retention() -> timedelta:
    """How long a resource is kept after expiry or freezing (04 D-18)."""
    return timedelta(days=settings.RETENTION_DAYS)


def spec_text(product: Product) -> str:
    """The specification as lists and bills print it."""
    if product.spec is None:
        return product.name
    return product.spec.text or product.spec.name


def _existing(customer_ids: Collection[int]) -> CloudResourceQuerySet:
    rows: CloudResourceQuerySet = CloudResource.objects.existing()
    return rows.filter(account__in=customer_ids)


def _resource(customer_id: int, wish: Provision, moment: datetime) -> CloudResource:
    return CloudResource(
        account_id=customer_id,
        resource_id=str(uuid.uuid4()),
        name=wish.name,
        product=wish.product,
        region=wish.region,
        zone=wish.zone,
        mode=wish.product.mode,
        spec_text=spec_text(wish.product),
        size=wish.size,
        quantity=wish.quantity,
        configuration=wish.configuration,
        project=wish.project,
        order_no=wish.order_no,
        created_at=moment,
        effective_at=wish.term.starts if wish.term else moment,
        expires_at=wish.term.ends if wish.term else None,
        period=wish.period,
        updated_at=moment,
    )


def _add_quotas(resource: CloudResource, term: Term) -> None:
    """The quota of a term that follows another."""
    PackageQuota.objects.bulk_create(_quotas(resource, term), ignore_conflicts=True)
    cycle = BillingCycle.of(term.starts)
    running = PackageQuota.objects.filter(resource=resource, cycle=str(cycle), ends_at=term.starts)
    running.update(ends_at=min(cycle.end, term.ends))


def _quotas(resource: CloudResource, term: Term) -> Iterable[PackageQuota]:
    product = resource.product
    if product.mode != BillingMode.PACKAGE or product.package_quota is None:
        return
    parts = (
        [(str(cycle), part) for cycle, part in terms.cycles_of(term)]
        if product.package_reset == ResetCycle.MONTH
        else [("", term)]
    )
    for cycle, part in parts:
        yield PackageQuota(
            account_id=resource.account_id,
            resource=resource,
            cycle=cycle,
            quota=product.package_quota * resource.quantity,
            starts_at=part.starts,
            ends_at=part.ends,
        )
