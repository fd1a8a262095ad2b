"""Budgets as the API reads them (docs/api/bss-api.md B.10, B.12, B.13, B.35)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from customers.models import Association
from customers.models.association import AssociationQuerySet
from customers.permissions import VIEW_CUSTOMERS
from customers.queries.api import associations_of
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AdjustmentSource, BudgetType
from ..models import BudgetAdjustment
from ..refusals import HasNoBudget
from . import usage


@dataclass(frozen=True)
class BudgetRow:
    """The budget of one customer, in USD at list price; without one, a monthly one of 0 (04-CUS-04)."""

    customer_id: str
    type: BudgetType
    amount: Decimal
    used: Decimal

    @property
    def percent(self) -> Decimal:
        """Used part in percent, two decimals, rounded down: 100 means used up. 0 without a budget."""
        if not self.amount:
            return Decimal("0.00")
        share = EXACT.divide(EXACT.multiply(self.used, Decimal(100)), self.amount)
        return share.quantize(Decimal("0.01"), rounding=ROUND_DOWN, context=EXACT)


def association_ids(
    actor: Actor, customer_ids: Sequence[str], *, reseller: str = ""
) -> dict[str, int | None]:
    """Domain IDs of customers → live associations; None for what the caller does not see.

    Whoever acts on them locks them first, and is refused what is not the actor's. ``reseller``: as
    ``customers.queries.api.associations_of``. Raises NoSuchReseller.
    """
    rows = associations_of(actor, reseller).live().filter(customer__public_id__in=customer_ids)
    found: dict[str, int] = dict(rows.values_list("customer__public_id", "pk"))
    return {name: found.get(name) for name in customer_ids}


def budget_of(actor: Actor, customer_id: str, moment: datetime, *, reseller: str = "") -> BudgetRow:
    """The budget of one customer (B.10). Raises NotFound, HasNoBudget, NoSuchReseller, NotPermitted."""
    actor.require(VIEW_CUSTOMERS)
    rows = associations_of(actor, reseller).live().filter(customer__public_id=customer_id)
    association = rows.select_related("customer").first()
    if association is None:
        raise NotFound
    if association.model != AssociationModel.RESELLER:
        raise HasNoBudget(association.customer.title)
    (found,) = _budgets(rows, moment)
    return found


def budgets_of(
    actor: Actor, customer_ids: Collection[str], moment: datetime, *, reseller: str = ""
) -> list[BudgetRow]:
    """Budgets of these customers, by domain ID (B.12); what is no customer of the caller's in the
    Reseller model is left out. One query, however many. Raises NoSuchReseller, NotPermitted."""
    actor.require(VIEW_CUSTOMERS)
    rows = associations_of(actor, reseller).live().filter(customer__public_id__in=customer_ids)
    return _budgets(rows, moment)


def granted_to(actor: Actor, moment: datetime) -> BudgetRow | None:
    """The budget that the calling customer has from its partner (B.35); None outside the Reseller
    model. Every user of the customer may know the limit (04 "Who may act")."""
    rows = Association.objects.live().filter(customer=actor.account_id)
    return next(iter(_budgets(rows, moment)), None)


def _budgets(rows: AssociationQuerySet, moment: datetime) -> list[BudgetRow]:
    found = rows.filter(model=AssociationModel.RESELLER).annotate(
        budget_type=Coalesce("budget__type", Value(BudgetType.MONTHLY)),
        budget_amount=F("budget__amount"),
        used_now=usage.used_with_or_without(moment),
    )
    values = found.order_by("customer__public_id").values_list(
        "customer__public_id", "budget_type", "budget_amount", "used_now"
    )
    return [
        BudgetRow(key, BudgetType(type_), amount or Decimal(0), used)
        for key, type_, amount, used in values
    ]


def records_of(
    actor: Actor, customer_id: str, criteria: Mapping[str, Any], *, reseller: str = ""
) -> QuerySet[BudgetAdjustment]:
    """Changes of a customer's budget, newest first, those of ended associations too (B.13).

    ``criteria``: ``ended`` (whether the change came with the end of the association), ``type``. Each
    comes with ``partner_name``, ``partner_account``. Raises NotFound, HasNoBudget, NoSuchReseller.
    """
    actor.require(VIEW_CUSTOMERS)
    associations = associations_of(actor, reseller).filter(customer__public_id=customer_id)
    rows = BudgetAdjustment.objects.filter(association__in=associations.values("pk"))
    _refuse_without_budget(associations, rows)
    if "type" in criteria:
        rows = rows.filter(type_after=criteria["type"])
    if "ended" in criteria:
        ended = {"source": AdjustmentSource.ENDED}
        rows = rows.filter(**ended) if criteria["ended"] else rows.exclude(**ended)
    return rows.annotate(
        partner_account=F("account__name"),
        partner_name=Coalesce(NullIf("account__full_name", Value("")), "account__name"),
    ).order_by("-at", "-pk")


def _refuse_without_budget(
    associations: AssociationQuerySet, rows: QuerySet[BudgetAdjustment]
) -> None:
    """A customer that left the Reseller model keeps its history."""
    newest = associations.select_related("customer").order_by("-associated_at").first()
    if newest is None:
        raise NotFound
    if newest.model != AssociationModel.RESELLER and not rows.exists():
        raise HasNoBudget(newest.customer.title)
