"""What customers read of their own spend: bills at list price and resource packages (08 §10.5).

Amounts are list-price figures in USD. Customers whose partner has taken the permission away do not
hold it (08-BUY-10); see ``withheld``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from customers.choices import AssociationModel
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resources.choices import ResourceStatus
from resources.models import PackageQuota

from ..choices import BillType, PackageState
from ..models import Charge, MonthlySpend, PackageDeduction
from ..permissions import VIEW_OWN_BILLS
from ..rules.spending import cycles_kept
from . import amounts, projects


def withheld(customer_id: int) -> frozenset[str]:
    """Permissions that the customer's partner has taken from all its Reseller customers (BUY-10)."""
    revoked = Association.objects.live().filter(
        customer=customer_id,
        model=AssociationModel.RESELLER,
        account__revokes_customer_bills=True,
    )
    return frozenset({VIEW_OWN_BILLS}) if revoked.exists() else frozenset()


def months(actor: Actor, moment: datetime) -> list[tuple[str, Decimal]]:
    """The current cycle and the 18 before it with their sums at list price, newest first."""
    actor.require(VIEW_OWN_BILLS)
    kept = cycles_kept(moment)
    found = MonthlySpend.objects.filter(customer=actor.account_id, cycle__in=kept)
    sums = dict(found.values_list("cycle").annotate(total=Sum("list_amount")))
    return [(cycle, sums.get(cycle, Decimal(0))) for cycle in kept]


def total_of(actor: Actor, cycle: str, project: str) -> Decimal:
    """What a month cost at list price in one enterprise project, by its public ID."""
    actor.require(VIEW_OWN_BILLS)
    rows = projects.narrowed(_charges(actor, cycle), project)
    found: Decimal = rows.aggregate(total=Sum("list_amount", default=amounts.nothing()))["total"]
    return found


def by_product(actor: Actor, cycle: str, project: str | None = None) -> list[dict[str, Any]]:
    """The month, or one enterprise project's part of it, by service, product, region and billing
    mode, largest first.
    """
    actor.require(VIEW_OWN_BILLS)
    rows: QuerySet[Any] = MonthlySpend.objects.filter(customer=actor.account_id, cycle=cycle)
    if project is not None:
        rows = projects.narrowed(_charges(actor, cycle), project)
    grouped = rows.values("service_type_id", "product_id", "region_id", "mode")
    named = grouped.annotate(
        service=F("service_type__name"),
        product_name=F("product__name"),
        region_name=F("region__name"),
        **_figures(),
    )
    return list(named.order_by("-amount", "service", "product_name", "region_name"))


def by_resource(
    actor: Actor, cycle: str, project: str | None = None
) -> QuerySet[Any, dict[str, Any]]:
    """The month, or one enterprise project's part of it, by resource, largest first."""
    actor.require(VIEW_OWN_BILLS)
    rows = projects.narrowed(_charges(actor, cycle), project)
    grouped = rows.values("resource_id", "service_type_id", "region_id", "mode")
    named = grouped.annotate(
        service=F("service_type__name"), region_name=F("region__name"), **_figures()
    )
    return named.order_by("-amount", "service", "resource_id", "region_name", "mode")


def _charges(actor: Actor, cycle: str) -> QuerySet[Charge]:
    return Charge.objects.filter(customer=actor.account_id, cycle=cycle)


def list_packages(actor: Actor) -> QuerySet[PackageQuota]:
    """Quotas of the customer's resource packages, one row a package and cycle."""
    actor.require(VIEW_OWN_BILLS)
    rows = PackageQuota.objects.visible_to(actor)
    return rows.annotate(remaining=F("quota") - F("used"), state=state_at(clock.now()))


def list_deductions(actor: Actor, quota_id: int) -> QuerySet[PackageDeduction]:
    """What was deducted from one quota. Raises NotFound for a foreign one."""
    get_package(actor, quota_id)
    rows = PackageDeduction.objects.filter(customer=actor.account_id, quota=quota_id)
    return rows.annotate(after=F("before") - F("used"))


def get_package(actor: Actor, quota_id: int) -> PackageQuota:
    """One quota of the customer's own packages. Raises NotFound."""
    rows = list_packages(actor).select_related("resource__product__pricing_unit")
    if (found := rows.filter(pk=quota_id).first()) is None:
        raise NotFound
    return found


def state_at(moment: datetime) -> Case:
    """Expression over quotas: the state of the package at the moment (API PKG_STATUS)."""
    return Case(
        When(resource__status=ResourceStatus.RELEASED, then=Value(PackageState.UNSUBSCRIBED.value)),
        When(starts_at__gt=moment, then=Value(PackageState.NOT_YET.value)),
        When(ends_at__lte=moment, then=Value(PackageState.EXPIRED.value)),
        When(used=F("quota"), then=Value(PackageState.USED_UP.value)),
        default=Value(PackageState.VALID.value),
    )


def _figures() -> dict[str, Any]:
    refund = Q(bill_type=BillType.REFUND)
    return {
        "amount": Sum("list_amount"),
        "refunds": Sum("list_amount", filter=refund, default=amounts.nothing()),
        "discount": Sum("discount_amount"),
        "due": Sum(amounts.due()),
    }
