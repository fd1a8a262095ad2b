"""How an order can be paid: who settles it, and which discounts may be chosen (08 §10.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from catalog.rules.pricing import discounted, to_cent
from customers.choices import AssociationModel
from customers.models import PartnerDiscount
from partner_center.clock import business_date

from ..choices import DiscountKind, OrderType
from ..models import CustomerOrder, OrderItem

_OPERATIONS = {
    OrderType.RENEWAL: Operation.RENEW,
    OrderType.CHANGE: Operation.CHANGE_PERIOD,
    OrderType.TO_PERIOD: Operation.TO_PERIOD,
}


@dataclass(frozen=True)
class DiscountChoice:
    """One discount of the pay page; ``blocked`` says why it cannot be chosen."""

    kind: DiscountKind
    percent: int = 0
    discount_id: int | None = None
    blocked: str = ""


def choices_of(
    order: CustomerOrder, items: Sequence[OrderItem], moment: datetime
) -> dict[DiscountKind, DiscountChoice]:
    """Every discount the pay page knows, with what stands in its way; Referral model only."""
    return {
        DiscountKind.PARTNER: _partner(order, items, moment),
        DiscountKind.ADJUSTMENT: DiscountChoice(
            DiscountKind.ADJUSTMENT,
            blocked=""
            if order.discount_kind == DiscountKind.ADJUSTMENT
            else _("Your partner has not adjusted the price of this order."),
        ),
    }


def shows_discounts(order: CustomerOrder) -> bool:
    """Customers of the Reseller model never see partner discounts (08-CSN-11)."""
    return order.model == AssociationModel.REFERRAL


def _partner(order: CustomerOrder, items: Sequence[OrderItem], moment: datetime) -> DiscountChoice:
    kind = DiscountKind.PARTNER
    if not shows_discounts(order):
        return DiscountChoice(kind, blocked=_("Partner discounts are for the Referral model only."))
    if order.discount_kind == DiscountKind.ADJUSTMENT:
        words = _("Your partner has adjusted the price: no other discount can be used.")
        return DiscountChoice(kind, blocked=words)
    if (found := live_discount(order.association_id, moment)) is None:
        return DiscountChoice(kind, blocked=_("Your partner has granted no discount for today."))
    if not any(item.product.percent_for(found.percent) for item in items):
        words = _("Partner discounts do not apply to these products.")
        return DiscountChoice(kind, found.percent, found.pk, words)
    return DiscountChoice(kind, found.percent, found.pk)


def live_discount(association_id: int | None, moment: datetime) -> PartnerDiscount | None:
    """The partner's discount that is in effect on the business day of ``moment``."""
    today = business_date(moment)
    rows = PartnerDiscount.objects.filter(
        association_id=association_id, closed_at=None, starts_on__lte=today, ends_on__gte=today
    )
    return rows.first()


def operation(order: CustomerOrder, items: Sequence[OrderItem]) -> Operation:
    """The row of the matrix that paying an order stands in."""
    if order.order_type != OrderType.NEW:
        return _OPERATIONS[OrderType(order.order_type)]
    term = all(item.product.mode == BillingMode.YEARLY_MONTHLY for item in items)
    return Operation.BUY_PERIOD if term else Operation.BUY_RESERVED


def partner_price(item: OrderItem, percent: int) -> Decimal:
    """List price × (1 − percent), half up to 2 decimals per line (08 §10.4.2)."""
    return to_cent(discounted(item.list_amount, item.product.percent_for(percent)))
