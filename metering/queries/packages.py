"""Resource packages for the API (B.36 to B.38): what was bought, what is left, what was deducted.

Quantities are in the pricing unit of the package. A package has one item, whose ID is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from catalog.choices import BillingMode, ResetCycle
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE
from resources.choices import ResourceStatus
from resources.models import CloudResource, PackageQuota

from ..models import PackageDeduction
from ..permissions import VIEW_OWN_BILLS

NOT_YET, VALID, USED_UP, EXPIRED, UNSUBSCRIBED = range(5)


@dataclass(frozen=True)
class Item:
    """The one item of a package as it stands now. Without a reset the span is the whole term."""

    item_id: str
    package: CloudResource
    remaining: Decimal
    quota: Decimal
    starts_at: datetime
    ends_at: datetime | None

    @property
    def is_resettable(self) -> bool:
        """Whether the quota starts anew every calendar month."""
        return self.package.product.package_reset == ResetCycle.MONTH


def list_packages(actor: Actor) -> QuerySet[CloudResource]:
    """The actor's packages with their present state (PKG_STATUS), newest first."""
    actor.require(VIEW_OWN_BILLS)
    moment = clock.now()
    current = PackageQuota.objects.filter(starts_at__lte=moment, ends_at__gt=moment)
    used_up = Exists(current.filter(resource=OuterRef("pk"), used=F("quota")))
    state = Case(
        When(status=ResourceStatus.RELEASED, then=Value(UNSUBSCRIBED)),
        When(effective_at__gt=moment, then=Value(NOT_YET)),
        When(expires_at__lte=moment, then=Value(EXPIRED)),
        When(used_up, then=Value(USED_UP)),
        default=Value(VALID),
        output_field=IntegerField(),
    )
    rows = CloudResource.objects.visible_to(actor).filter(mode=BillingMode.PACKAGE)
    rows = rows.select_related(
        "region",
        "project",
        "product__service_type",
        "product__usage_type",
        "product__resource_type",
    )
    quotas = Prefetch("quotas", PackageQuota.objects.order_by("starts_at"), to_attr="every_quota")
    return (
        rows.annotate(package_state=state).prefetch_related(quotas).order_by("-created_at", "-pk")
    )


def item_of(package: CloudResource, moment: datetime) -> Item:
    """What is left of a package of ``list_packages`` now: in this month, when it is resettable."""
    quotas: Sequence[PackageQuota] = package.every_quota  # type: ignore[attr-defined]
    begun = [quota for quota in quotas if quota.starts_at <= moment]
    if not begun:
        whole = package.product.package_quota or Decimal(0)
        starts_at, ends_at = package.effective_at, package.expires_at
        return Item(str(package.pk), package, whole, whole, starts_at, ends_at)
    last = begun[-1]
    return Item(
        str(package.pk),
        package,
        last.quota - last.used,
        last.quota,
        last.starts_at,
        last.ends_at,
    )


def items(actor: Actor, item_ids: Iterable[str]) -> list[Item]:
    """The actor's own among these items, as they stand now; others are left out."""
    keys = [int(each) for each in item_ids if each.isdecimal() and len(each) < 19]
    moment = clock.now()
    return [item_of(package, moment) for package in list_packages(actor).filter(pk__in=keys)]


def deductions(actor: Actor, begins: date, ends: date) -> QuerySet[PackageDeduction]:
    """What was deducted from the actor's packages from one day to another (GMT+08:00), newest first."""
    actor.require(VIEW_OWN_BILLS)
    since, until = _midnight(begins), _midnight(ends + timedelta(days=1))
    rows = PackageDeduction.objects.filter(
        customer=actor.account_id, deducted_at__gte=since, deducted_at__lt=until
    )
    rows = rows.select_related(
        "quota__resource__product__usage_type",
        "record__product__resource_type",
    )
    return rows.annotate(after=F("before") - F("used")).order_by("-deducted_at", "-pk")


def of_item(item_id: str) -> Q:
    """Condition over deductions: from this item."""
    key = int(item_id) if item_id.isdecimal() and len(item_id) < 19 else None
    return Q(quota__resource=key)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC)
