"""What a customer sees of its own orders and resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Account
from budgets.queries import guard
from budgets.queries.guard import Restrictions
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from catalog.models import Product
from catalog.queries import goods
from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from customers.models import Association
from partner_center.actors import Actor
from partner_center.refusals import NotFound, Refusal
from resources.choices import ResourceStatus
from resources.models import CloudResource, CloudResourceQuerySet
from resources.queries import reach

from ..choices import DiscountKind, OrderStatus
from ..models import AutoRenewalAttempt, CustomerOrder, OrderItem
from ..permissions import BUY
from ..rules.refunds import Paid, Worth, unused
from . import baskets, changes, held, offers, payments
from . import renewals as renewal_prices


def orders(actor: Actor) -> QuerySet[CustomerOrder]:
    """My Orders."""
    actor.require(BUY)
    return CustomerOrder.objects.visible_to(actor).select_related("service_type", "partner")


def order(actor: Actor, pk: int) -> CustomerOrder:
    """One order of the actor's account. Raises NotFound."""
    rows = orders(actor).select_related("original", "association")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound
    return found


def items(found: CustomerOrder) -> list[OrderItem]:
    """The lines of an order that was shown to be visible."""
    rows = found.items.select_related(
        "product__service_type",
        "product__resource_type",
        "product__spec__size_unit",
        "region",
        "resource",
        "gives_back__order",
    )
    return list(rows.order_by("number"))


def waits_for_partner(found: CustomerOrder) -> bool:
    """An unpaid order of the Reseller model waits to be paid by the partner (08-BUY-08)."""
    return found.status == OrderStatus.PENDING_PAYMENT and found.model == AssociationModel.RESELLER


def is_reference(actor: Actor) -> bool:
    """Whether amounts are list-price reference figures: the partner pays (08-BUY-07)."""
    return reference_of(actor.account_id)


def reference_of(account_id: int) -> bool:
    """The same of an account."""
    live = Association.objects.live().filter(customer_id=account_id)
    return live.filter(model=AssociationModel.RESELLER).exists()


@dataclass(frozen=True)
class PayPage:
    """What the pay page shows."""

    order: CustomerOrder
    items: list[OrderItem]
    choices: list[payments.DiscountChoice]
    partner_amount: Decimal
    refusal: Refusal | None

    @property
    def by_partner(self) -> bool:
        """Whether the partner settles the order with its monthly bill."""
        return self.order.model == AssociationModel.RESELLER


def pay_page(actor: Actor, pk: int, moment: datetime) -> PayPage:
    """An order with the ways it can be paid; none in the Reseller model. Raises NotFound."""
    found = order(actor, pk)
    lines = items(found)
    shown = payments.choices_of(found, lines, moment) if payments.shows_discounts(found) else {}
    partner = shown.get(DiscountKind.PARTNER)
    percent = partner.percent if partner and not partner.blocked else 0
    return PayPage(
        order=found,
        items=lines,
        choices=list(shown.values()),
        partner_amount=sum((payments.partner_price(line, percent) for line in lines), Decimal(0)),
        refusal=guard.refusal_for(
            actor.account_id, payments.operation(found, lines), price=found.list_amount
        ),
    )


# --- Resources -----------------------------------------------------------------------------------


def resources(actor: Actor) -> CloudResourceQuerySet:
    """My Resources: what is there, attached ones included."""
    rows: CloudResourceQuerySet = reach.of_customer(actor).existing()
    return rows.select_related(*reach.SHOWN, "parent")


def renewals(actor: Actor) -> CloudResourceQuerySet:
    """Renewals: main resources that were ordered, with whether their last auto-renewal failed."""
    actor.require(BUY)
    rows = resources(actor).mains().filter(mode__in=held.ORDERED)
    failed = _of_present_term(OuterRef("expires_at")).filter(resource=OuterRef("pk"))
    return rows.annotate(has_failed=Exists(failed))


def _of_present_term(expires_at: Any) -> QuerySet[AutoRenewalAttempt]:
    """Failed auto-renewals of a term with this end: it is tried in the last week only."""
    week = timedelta(days=8)
    return AutoRenewalAttempt.objects.exclude(failure="").filter(attempted_at__gt=expires_at - week)


def chosen_renewals(actor: Actor, keys: Sequence[int]) -> list[CloudResource]:
    """Resources of the list Renewals by their keys, in its order. Raises NotFound for others."""
    found = list(renewals(actor).filter(pk__in=keys).order_by("expires_at", "pk"))
    if len(found) != len(set(keys)):
        raise NotFound
    return found


def unsubscribable(actor: Actor) -> CloudResourceQuerySet:
    """Unsubscriptions: main resources that were ordered."""
    actor.require(BUY)
    rows: CloudResourceQuerySet = resources(actor).mains()
    return rows.filter(mode__in=held.ORDERED)


def restrictions(actor: Actor) -> Restrictions:
    """What restricts the actor's account now."""
    return guard.restrictions_of(actor.account_id)


_OPERATIONS = {
    "start": Operation.OPERATE,
    "stop": Operation.OPERATE,
    "restart": Operation.OPERATE,
    "rename": Operation.RENAME,
    "project": Operation.RENAME,
    "delete": Operation.DELETE,
    "change": Operation.CHANGE_USAGE,
    "renew": Operation.RENEW,
    "to_period": Operation.TO_PERIOD,
    "to_usage": Operation.TO_USAGE,
    "unsubscribe": Operation.UNSUBSCRIBE,
    "auto_renew": Operation.UNSUBSCRIBE,
    "on_expiry": Operation.TO_USAGE,
}


def deeds_of(resource: CloudResource, known: Restrictions) -> dict[str, str]:
    """What can be done to a resource now: name of the deed, and why it is refused; empty: it is not.

    A deed that makes no sense in the state or mode of the resource is not in it.
    """
    known = known.about(is_frozen=resource.is_frozen)
    return {name: _reason(name, known) for name in _offered(resource)}


def _reason(name: str, known: Restrictions) -> str:
    refusal = known.refusal_for(_OPERATIONS[name])
    return str(refusal.brief) if refusal else ""


def _offered(resource: CloudResource) -> list[str]:
    if resource.status == ResourceStatus.RELEASED:
        return []
    runs = resource.status == ResourceStatus.RUNNING
    stopped = resource.status == ResourceStatus.STOPPED
    by_use = resource.mode == BillingMode.PAY_PER_USE
    by_term = resource.mode == BillingMode.YEARLY_MONTHLY
    is_main = resource.parent_id is None
    offered = {
        "start": stopped and (by_use or by_term),
        "stop": runs and (by_use or by_term),
        "restart": runs and (by_use or by_term),
        "rename": True,
        "project": is_main,
        "change": (runs or stopped) and (by_use or by_term),
        "renew": not by_use and is_main,
        "auto_renew": not by_use and is_main and (runs or stopped),
        "to_period": by_use,
        "to_usage": by_term and is_main and (runs or stopped),
        "on_expiry": by_term and is_main and (runs or stopped),
        "unsubscribe": not by_use and is_main and resource.mode != BillingMode.SAVINGS_PLAN,
        "delete": by_use and is_main,
    }
    return [name for name, offers in offered.items() if offers]


@dataclass(frozen=True)
class Duration:
    """A term that a resource can be renewed or converted for, with its list price in USD."""

    period: str
    count: int
    amount: Decimal

    @property
    def key(self) -> str:
        """As the select sends it."""
        return f"{self.period}:{self.count}"

    @property
    def words(self) -> str:
        """As the select shows it."""
        return offers.duration_words(self.period, self.count)


def renewal_terms(resource: CloudResource, moment: datetime) -> list[Duration]:
    """What renewing a resource would cost, for each term that it is sold for."""
    return renewal_terms_of([resource], moment)


def renewal_terms_of(chosen: Sequence[CloudResource], moment: datetime) -> list[Duration]:
    """What renewing all these would cost together, for the terms that each of them is sold for."""
    priced = renewal_prices.prices_of(chosen, moment)
    if not priced:
        return []
    return [
        Duration(*choice, sum((each[choice] for each in priced), Decimal(0)))
        for choice in priced[0]
        if all(choice in each for each in priced)
    ]


def has_fixed_term(resource: CloudResource) -> bool:
    """Whether it can only be renewed for the one term that it is sold for."""
    return baskets.fixed_term(resource.product) is not None


def conversion_terms(resource: CloudResource, moment: datetime) -> list[Duration]:
    """What a term would cost for a resource that is paid by use. Raises NoSuchMode."""
    product = held.in_other_mode(resource, BillingMode.YEARLY_MONTHLY)
    size, pieces = resource.size or 1, resource.quantity
    return [
        Duration(
            term.period,
            count,
            EXACT.multiply(term.unit_price, Decimal(count * size * pieces)),
        )
        for term in goods.terms(product, resource.region, moment)
        for count in term.counts
    ]


@dataclass(frozen=True)
class HomeFigures:
    """What a customer has, what of it expires within a week, and its orders that wait to be paid."""

    resources: int
    expiring: int
    pending: int


def home_figures(actor: Actor, moment: datetime) -> HomeFigures:
    """The figures of the home page; one query."""
    there = CloudResource.objects.existing().filter(account=OuterRef("pk"))
    soon = there.filter(expires_at__lte=moment + timedelta(days=7))
    pending = CustomerOrder.objects.filter(
        account=OuterRef("pk"), status=OrderStatus.PENDING_PAYMENT
    )
    account = Account.objects.filter(pk=actor.account_id)
    return HomeFigures(*account.values_list(_count(there), _count(soon), _count(pending)).get())


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("account").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def changeable(resource: CloudResource) -> list[Product]:
    """The specifications that a resource can be changed to, its own included."""
    return held.changeable_to(resource)


def size_unit(resource: CloudResource) -> str:
    """The unit that the size of a resource counts in; empty where it has none."""
    spec = resource.product.spec
    return spec.size_unit.abbreviation if spec and spec.size_unit else ""


def change_worth(
    resource: CloudResource, product_id: int, size: int | None, moment: datetime
) -> Worth:
    """What a change would add, in USD, negative when it gives back; raises what the change is
    refused with.
    """
    return changes.worth(resource, product_id, size, moment)


def refund_of(resource: CloudResource, moment: datetime) -> Decimal:
    """What unsubscribing a main resource would give back now, in USD, with what is attached."""
    return _worth(_paid_terms(resource), moment)


def refund_of_renewals(resource: CloudResource, moment: datetime) -> Decimal | None:
    """The same of renewals that have not begun alone; None where there are none."""
    waiting = [item for item in _paid_terms(resource) if item.term.starts > moment]
    return _worth(waiting, moment) if waiting else None


def _paid_terms(resource: CloudResource) -> list[OrderItem]:
    family = [resource, *CloudResource.objects.existing().filter(parent=resource)]
    return held.paid_terms(family)


def _worth(items: list[OrderItem], moment: datetime) -> Decimal:
    paid = (Paid(item.list_amount, item.amount, item.term) for item in items)
    return sum((unused(each, moment).amount for each in paid), Decimal(0))


def last_failure(resource: CloudResource) -> str:
    """Why the present term was not renewed by itself when that was tried last; else empty."""
    if resource.expires_at is None:
        return ""
    rows = _of_present_term(resource.expires_at).filter(resource=resource).order_by("-day")
    return rows.values_list("failure", flat=True).first() or ""
