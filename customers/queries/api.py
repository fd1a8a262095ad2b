"""Customers as the API lists them (B.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

import realname.queries
from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import Association
from ..models.association import AssociationQuerySet
from ..permissions import VIEW_CUSTOMERS
from ..refusals import NoSuchReseller
from . import management

#: Name of a criterion → lookup; every one that is given must hold.
_CRITERIA = {
    "account_name": "customer__name__icontains",
    "label": "custom_tag__icontains",
    "model": "model",
    "since": "associated_at__gte",
    "until": "associated_at__lte",
    "customer_id": "customer__public_id",
}


#: Criteria that are parts of texts.
_PARTS = frozenset({"account_name", "customer", "label"})


def is_search(criteria: Mapping[str, Any]) -> bool:
    """Whether :func:`list_customers` finds its rows by parts of texts."""
    return not _PARTS.isdisjoint(name for name, value in criteria.items() if value)


def associations_of(actor: Actor, reseller: str = "") -> AssociationQuerySet:
    """Live and ended associations that an operation may name: the caller's own in its scope.

    ``reseller`` is a domain ID that a distributor sends to mean that reseller's customers instead; of
    others it is ignored. Raises NoSuchReseller.
    """
    if actor.partner_kind != PartnerKind.DISTRIBUTOR or not reseller:
        return Association.objects.visible_to(actor)
    try:
        partner = management.get_reseller(actor, reseller)
    except NotFound as error:
        raise NoSuchReseller from error
    return Association.objects.filter(account=partner).within_scope(actor)


def list_customers(
    actor: Actor, criteria: Mapping[str, Any], *, reseller: str = ""
) -> QuerySet[Association]:
    """Live associations, newest first: the caller's own, or those of a distributor's reseller.

    ``criteria`` uses the names of ``_CRITERIA``, and ``customer``: a part of the name that
    :func:`with_facts` gives. ``reseller`` is a domain ID, which means something for distributors
    only. What is searched stands in a subquery that knows no order. Raises NoSuchReseller.
    """
    actor.require(VIEW_CUSTOMERS)
    wanted = dict(criteria)
    text = wanted.pop("customer", "")
    rows = (
        associations_of(actor, reseller)
        .live()
        .filter(**{_CRITERIA[name]: value for name, value in wanted.items()})
    )
    if is_search(criteria):
        found = _named(rows, text) if text else rows.values("pk")
        rows = Association.objects.filter(pk__in=found)
    return rows.order_by("-associated_at", "-pk")


def with_facts(association_ids: Collection[int]) -> QuerySet[Association]:
    """These associations, newest first, each with what stands beside it.

    ``name``, ``verified_status``, ``customer_type``, ``manager_username``, ``level``, ``freeze_word``.
    For keys that :func:`list_customers` has found; only a page's rows pay for what is beside them.
    """
    rows = management.with_manager(
        Association.objects.filter(pk__in=association_ids), clock.now()
    ).annotate(
        name=Coalesce(
            NullIf(realname.queries.name_of("customer_id"), Value("")), F("customer__full_name")
        ),
        verified_status=realname.queries.status_of("customer_id"),
        customer_type=realname.queries.customer_type_of("customer_id"),
        manager_username=F(f"{management.PRESENT}__manager__username"),
        level=management.level(),
        freeze_word=F("freeze_state__state"),
    )
    return rows.select_related("customer").order_by("-associated_at", "-pk")


def _named(rows: QuerySet[Association], text: str) -> QuerySet:
    """Keys of the rows whose authenticated name contains the text; without one, the account's name.

    Two halves instead of one OR: each finds its names by an index, and no customer is in both.
    """
    real = rows.filter(customer__in=realname.queries.accounts_named(text))
    own = rows.filter(
        ~realname.queries.is_authenticated("customer_id"), customer__full_name__icontains=text
    )
    return real.values("pk").union(own.values("pk"), all=True)
