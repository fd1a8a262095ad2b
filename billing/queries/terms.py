"""Reads of what the operator grants partners (05 §8.4.4.1, KooGallery 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from catalog.choices import BillingMode, SettlementType
from catalog.models import Product
from customers.permissions import VIEW_CUSTOMERS
from customers.queries.reach import reachable
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import DiscountState
from ..models import CommercialDiscount, DiscountTerm, MarketplaceDiscount
from ..permissions import VIEW_TERMS
from . import reach


def list_commercial(actor: Actor) -> QuerySet[CommercialDiscount]:
    """The partner's commercial discounts with ``state`` and, where it may be opened, ``association``.

    Raises NotPermitted, NoFinancialInformation.
    """
    reach.require(actor, VIEW_TERMS)
    rows = CommercialDiscount.objects.visible_to(actor)
    return rows.annotate(state=state_at(clock.now()), association=association_of(actor))


def get_commercial(actor: Actor, discount_id: int) -> CommercialDiscount:
    """One of the partner's discounts, its customer and terms with it. Raises NotFound."""
    rows = list_commercial(actor).select_related("customer")
    rows = rows.prefetch_related("terms__service_type", "terms__product__pricing_unit")
    if (found := rows.filter(pk=discount_id).first()) is None:
        raise NotFound
    return found


def covered(actor: Actor, discount_id: int) -> QuerySet[Product]:
    """Products on sale that a discount is for, with ``percent`` or ``unit_price`` of its term.

    The most particular term counts, as in the settlement. Raises NotFound.
    """
    get_commercial(actor, discount_id)
    terms = DiscountTerm.objects.filter(discount=discount_id)
    own = terms.filter(product=OuterRef("pk"))
    own = own.filter(Q(unit_price=None) | Q(product__mode=BillingMode.PAY_PER_USE))
    of_service = terms.filter(service_type=OuterRef("service_type"), product=None)
    of_all = terms.filter(service_type=None, product=None)
    common = Q(settlement=SettlementType.COMMON)
    rows = Product.objects.on_sale().filter(service_type__is_marketplace=False)
    rows = rows.exclude(settlement=SettlementType.NO_DISCOUNT)
    rows = rows.filter(Exists(own) | Exists(of_service) | (common & Exists(of_all)))
    return rows.annotate(
        percent=Case(
            When(Exists(own), then=Subquery(own.values("percent")[:1])),
            When(Exists(of_service), then=Subquery(of_service.values("percent")[:1])),
            default=Subquery(of_all.values("percent")[:1]),
        ),
        fixed=Subquery(own.values("unit_price")[:1]),
    )


def list_marketplace(actor: Actor) -> QuerySet[MarketplaceDiscount]:
    """What sellers have authorized the partner, canceled ones too, with ``state`` (05-KGR-06)."""
    actor.require(VIEW_TERMS)
    reach.require_provider(actor)
    return MarketplaceDiscount.objects.visible_to(actor).annotate(state=state_at(clock.now()))


def marketplace_products() -> QuerySet[Product]:
    """KooGallery products on sale, for the operator to choose from."""
    return Product.objects.on_sale().filter(service_type__is_marketplace=True).order_by("name")


def product_of_code(code: str) -> Product | None:
    """The product with this ID, on sale or not."""
    return Product.objects.filter(code=code).first()


def running(moment: datetime) -> Q:
    """Condition: not over, so in effect or still to come."""
    return Q(canceled_at=None, ends_at__gt=moment)


def over(moment: datetime) -> Q:
    """Condition: past or canceled (C-38)."""
    return ~running(moment)


def state_at(moment: datetime) -> Case:
    """Expression over discounts: the word of their state."""
    return Case(
        When(canceled_at__isnull=False, then=_word(DiscountState.CANCELED)),
        When(ends_at__lte=moment, then=_word(DiscountState.EXPIRED)),
        When(starts_at__gt=moment, then=_word(DiscountState.PENDING)),
        default=_word(DiscountState.EFFECTIVE),
    )


def in_state(state: str, moment: datetime) -> Q:
    """Condition: discounts in this state."""
    conditions = {
        DiscountState.CANCELED: Q(canceled_at__isnull=False),
        DiscountState.EXPIRED: Q(canceled_at=None, ends_at__lte=moment),
        DiscountState.PENDING: running(moment) & Q(starts_at__gt=moment),
    }
    effective = running(moment) & Q(starts_at__lte=moment)
    return conditions.get(DiscountState(state), effective)


def association_of(actor: Actor) -> Any:
    """Expression over rows with a customer: its association, if the actor may open its page."""
    if not actor.can(VIEW_CUSTOMERS):
        return Value(None, BigIntegerField())
    rows = reachable(actor).filter(customer=OuterRef("customer")).order_by()
    return Subquery(rows.values("pk")[:1])


def level_word() -> Case:
    """Expression over commercial discounts: whose they are."""
    return Case(When(customer=None, then=Value("Partner-level")), default=Value("Customer-level"))


def _word(state: DiscountState) -> Value:
    return Value(str(state.label))
