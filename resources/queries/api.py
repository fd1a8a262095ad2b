"""Resources as the API reads them (docs/api/bss-api.md B.21, B.22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from accounts.choices import PartnerKind
from customers.models import Association
from customers.queries import management
from customers.refusals import NoSuchReseller
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..models import CloudResource
from ..permissions import VIEW_RESOURCES
from ..refusals import NotYourCustomer
from .of_customers import TERM, USAGE

#: What the API writes of a resource beside its own columns.
_SHOWN = (
    "account",
    "region",
    "parent",
    "project",
    "product__service_type",
    "product__resource_type",
)
_SPEC = ("product__spec__size_unit",)
#: Name of a criterion → lookup; every one that is given must hold.
_CRITERIA = {
    "region": "region__code",
    "service": "product__service_type__code",
    "resource_ids": "resource_id__in",
    "order_no": "order_no__iexact",
    "effective_from": "effective_at__gte",
    "effective_to": "effective_at__lte",
    "expires_from": "expires_at__gte",
    "expires_to": "expires_at__lte",
}


def usage_of_customer(
    actor: Actor, customer_id: str, criteria: Mapping[str, Any], *, reseller: str = ""
) -> QuerySet[CloudResource]:
    """Pay-per-use resources of one customer of the partner, by its domain ID (B.21).

    A distributor names the reseller whose customer it is. Raises NotYourCustomer, NoSuchReseller.
    """
    actor.require(VIEW_RESOURCES)
    customer = _customer(actor, customer_id, reseller)
    return _matching(Q(account_id=customer, mode__in=USAGE), criteria)


def term_resources(
    actor: Actor, customer_id: str, criteria: Mapping[str, Any]
) -> QuerySet[CloudResource]:
    """Yearly/monthly resources: a customer's own, or those of one customer of the partner (B.22).

    A partner that names no customer gets none. Raises NotYourCustomer.
    """
    actor.require(VIEW_RESOURCES)
    if actor.audience == Audience.CUSTOMER:
        return _matching(Q(account_id=actor.account_id, mode__in=TERM), criteria)
    if not customer_id:
        return CloudResource.objects.none()
    customer = _customer(actor, customer_id, "")
    return _matching(Q(account_id=customer, mode__in=TERM), criteria)


def _customer(actor: Actor, customer_id: str, reseller: str) -> int:
    rows = Association.objects.visible_to(actor).live()
    if actor.partner_kind == PartnerKind.DISTRIBUTOR and reseller:
        try:
            partner = management.get_reseller(actor, reseller)
        except NotFound as error:
            raise NoSuchReseller from error
        rows = Association.objects.live().filter(account=partner).within_scope(actor)
    found = rows.filter(customer__public_id=customer_id).values_list("customer_id", flat=True)
    if (pk := found.first()) is None:
        raise NotYourCustomer
    return pk


def _matching(which: Q, criteria: Mapping[str, Any]) -> QuerySet[CloudResource]:
    wanted = dict(criteria)
    states = wanted.pop("states", Q())
    mains_only = wanted.pop("mains_only", False)
    rows = CloudResource.objects.filter(which, states)
    rows = rows.filter(**{_CRITERIA[name]: value for name, value in wanted.items()})
    if mains_only:
        rows = rows.filter(parent=None)
    return rows.select_related(*_SHOWN, *_SPEC).order_by("-created_at", "-pk")
