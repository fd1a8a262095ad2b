"""Orders and resources of the demo: paid, unpaid, with a lowered price, unsubscribed, on behalf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from accounts.queries.actors import actor_for
from catalog.choices import BillingMode, Period
from catalog.models import Product, Region, ServiceType
from catalog.queries import goods
from catalog.rules.pricing import CENT
from customers.models import Association
from customers.queries import authorizations
from orders.choices import SessionPurpose
from orders.models import CustomerOrder, OrderItem
from orders.queries import adjusting as prices
from orders.queries import on_behalf as sessions
from orders.queries.baskets import Basket, BasketLine
from orders.services import adjusting, on_behalf, paying, purchasing, unsubscribing
from partner_center import clock
from partner_center.actors import Actor
from resources.models import CloudResource

HOST, DISK = "hws.service.type.ec2", "hws.service.type.ebs"


@dataclass(frozen=True)
class Purchase:
    """One order of a customer, and what becomes of it."""

    customer: str
    service: str
    name: str
    pays: bool = True
    #: The partner orders it as the customer, where the customer has authorized it.
    on_behalf: bool = False
    #: The partner takes off half of what it may.
    adjusted: bool = False
    unsubscribed: bool = False


#: Of customers that are not frozen.
PURCHASES: tuple[Purchase, ...] = (
    Purchase("harborline-logistics", HOST, "fleet-tracking"),
    Purchase("harborline-logistics", DISK, "fleet-archive"),
    Purchase("harborline-logistics", HOST, "trial-run", unsubscribed=True),
    Purchase("harborline-logistics", HOST, "dispatch", on_behalf=True),
    Purchase("harborline-logistics", DISK, "dispatch-data", pays=False),
    Purchase("bulan-media", HOST, "newsroom"),
    Purchase("bulan-media", HOST, "archive-search", pays=False, adjusted=True),
    Purchase("bulan-media", DISK, "archive", pays=False),
    Purchase("sandline-media", HOST, "rendering", pays=False),
)


def seed(operator: Actor) -> None:
    """Buy what the demo world holds; customers and products that are not there are left out."""
    moment = clock.now()
    for purchase in PURCHASES:
        live = Association.objects.live().filter(customer__name=purchase.customer)
        association = live.select_related("account", "customer").first()
        if association is None or _is_bought(association, purchase):
            continue
        if (line := _line(purchase, moment)) is not None:
            _buy(association, purchase, Basket((line,)))


def _is_bought(association: Association, purchase: Purchase) -> bool:
    lines = OrderItem.objects.filter(account=association.customer_id, name=purchase.name)
    return lines.exists()


def _buy(association: Association, purchase: Purchase, basket: Basket) -> None:
    customer, partner = _main(association.customer_id), _main(association.account_id)
    if purchase.on_behalf and authorizations.may_act(partner.account_id, customer.account_id):
        order = _order_on_behalf(partner, association, basket)
    else:
        order = purchasing.place(customer, basket)
    if purchase.adjusted and prices.is_adjustable(partner, order):
        _adjust(partner, order)
    if purchase.pays:
        paying.pay(customer, order.pk)
    if purchase.unsubscribed:
        bought = CloudResource.objects.filter(account=association.customer, order_no=order.order_no)
        unsubscribing.unsubscribe(customer, list(bought.values_list("pk", flat=True)), "5")


def _order_on_behalf(partner: Actor, association: Association, basket: Basket) -> CustomerOrder:
    session = on_behalf.begin(partner, association.pk, purpose=SessionPurpose.ORDER)
    acting = sessions.acting(partner, session)
    order = purchasing.place(acting, basket)
    on_behalf.leave(acting)
    return order


def _adjust(partner: Actor, order: CustomerOrder) -> None:
    order.refresh_from_db()  # amounts with the decimals that the table gives them
    half = (prices.priced(partner, order.pk, clock.now()).maximum / 2).quantize(CENT)
    if half > Decimal(0):
        adjusting.adjust_order(partner, order.pk, discount=half, seen=prices.seen_of(order))


def _line(purchase: Purchase, moment: datetime) -> BasketLine | None:
    """One month of the first product of the service that is sold in the first region with one."""
    service = ServiceType.objects.filter(code=purchase.service).first()
    for region in goods.regions().order_by("code") if service else ():
        rows = goods.products(region, moment, service_type=service, mode=BillingMode.YEARLY_MONTHLY)
        for product in rows.order_by("code"):
            terms = goods.terms(product, region, moment)
            if any(term.period == Period.MONTH for term in terms):
                return _wanted(purchase, product, region)
    return None


def _wanted(purchase: Purchase, product: Product, region: Region) -> BasketLine:
    spec = product.spec
    return BasketLine(
        product.pk,
        region.pk,
        name=purchase.name,
        zone=region.zones[0] if region.zones else "",
        size=spec.size_min if spec and spec.is_linear else None,
        period=Period.MONTH,
        periods=1,
    )


def _main(account_id: int) -> Actor:
    return actor_for(User.objects.select_related("account").get(account=account_id, is_main=True))
