"""Customers who buy: what most tests of orders begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.models import Product
from customers.choices import AssociationModel
from customers.models import Association, PartnerDiscount
from metering.models import Charge
from orders.models import CustomerOrder
from orders.queries.baskets import Basket, BasketLine
from orders.services import paying, purchasing
from partner_center import clock
from partner_center.actors import Actor
from resources.models import CloudResource

from ..cast import Cast
from ..goods import Goods


def at(text: str) -> datetime:
    """A moment in GMT+08:00."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@dataclass
class Shop:
    """Harborline, a customer of Tidemark in the Reseller model that is not frozen, and the goods."""

    cast: Cast
    goods: Goods
    patch: pytest.MonkeyPatch

    @property
    def customer(self) -> Actor:
        return self.cast.actor(self.cast.hana)

    @property
    def association(self) -> Association:
        return Association.objects.live().get(customer=self.cast.harborline)

    def clock(self, text: str) -> datetime:
        """Let it be this moment in GMT+08:00."""
        moment = at(text)
        self.patch.setattr(clock, "now", lambda: moment)
        return moment

    def refer(self, percent: int = 0) -> None:
        """Let the customer be one of the Referral model, with a discount."""
        Association.objects.filter(pk=self.association.pk).update(model=AssociationModel.REFERRAL)
        if percent:
            today = clock.business_date(clock.now())
            PartnerDiscount.objects.create(
                account=self.cast.tidemark,
                association=self.association,
                percent=percent,
                starts_on=today,
                ends_on=today + timedelta(days=365),
                set_by=self.cast.mara,
                set_at=clock.now(),
            )

    def line(self, product: Product, **terms) -> BasketLine:
        given = {"region_id": self.goods.region.pk, "name": "web"} | terms
        return BasketLine(product_id=product.pk, **given)

    def order(self, product: Product, **terms) -> CustomerOrder:
        """An order that waits to be paid; of a month unless said otherwise."""
        terms = {"period": "month", "periods": 1} | terms
        return purchasing.place(self.customer, Basket((self.line(product, **terms),)))

    def buy(self, product: Product, discount: str = "", **terms) -> CloudResource:
        """Ordered and paid."""
        order = paying.pay(self.customer, self.order(product, **terms).pk, discount)
        return CloudResource.objects.get(order_no=order.order_no)

    def use(self, product: Product, **terms) -> CloudResource:
        """Provisioned, paid by use."""
        (resource,) = purchasing.provision(self.customer, Basket((self.line(product, **terms),)))
        return resource


def charges_of(order: CustomerOrder) -> list[tuple[str, Decimal, Decimal, str]]:
    """Bill type, list amount, discount and original order of each charge of an order."""
    found = Charge.objects.filter(order_no=order.order_no).order_by("record_id")
    return list(
        found.values_list("bill_type", "list_amount", "discount_amount", "original_order_no")
    )
