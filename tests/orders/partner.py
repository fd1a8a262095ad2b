"""What the tests of the partner's side share: orders and resources of customers, written directly."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from accounts.models import PartnerTerms, User
from catalog.choices import BillingMode, Period
from catalog.models import Product
from customers.choices import AssociationModel
from customers.models import Association
from orders.choices import OrderStatus, OrderType, PaymentMethod
from orders.models import CustomerOrder, OrderItem
from partner_center import clock
from resources.models import CloudResource

from ..cast import Cast

_numbers = itertools.count(1)


def client_of(user: User) -> Client:
    """Signed in as this user."""
    client = Client()
    client.force_login(user)
    return client


def refer(cast: Cast, maximum: int = 10) -> Association:
    """Harborline is Tidemark's in the Referral model; Tidemark may grant discounts up to maximum %."""
    PartnerTerms.objects.update_or_create(
        account=cast.tidemark,
        defaults={"may_refer": True, "may_discount": True, "max_discount": maximum},
    )
    Association.objects.filter(customer=cast.harborline).update(model=AssociationModel.REFERRAL)
    return Association.objects.get(customer=cast.harborline)


def order(
    association: Association,
    *lines: tuple[Product, str],
    status: OrderStatus = OrderStatus.PENDING_PAYMENT,
    distributor_id: int | None = None,
    ordered_at: datetime | None = None,
    **fields: Any,
) -> CustomerOrder:
    """An order of the association's customer: a line for each product and list amount."""
    moment = ordered_at or clock.now()
    total = sum((Decimal(amount) for _product, amount in lines), Decimal(0))
    paid = status not in (OrderStatus.PENDING_PAYMENT, OrderStatus.CANCELED)
    is_reseller = association.model == AssociationModel.RESELLER
    values: dict[str, Any] = {
        "order_no": f"CS{next(_numbers):018d}",
        "association": association,
        "partner_id": association.account_id,
        "distributor_id": distributor_id,
        "model": association.model,
        "order_type": OrderType.NEW,
        "status": status,
        "service_type": lines[0][0].service_type,
        "list_amount": total,
        "amount": total,
        "ordered_at": moment,
        "pay_before": moment + timedelta(days=7),
        "paid_at": moment if paid else None,
        "closed_at": moment if paid else None,
        "payment": (PaymentMethod.MONTHLY if is_reseller else PaymentMethod.CASH) if paid else "",
        "ordered_by_name": "harborline",
    }
    found = CustomerOrder.objects.create(account_id=association.customer_id, **values | fields)
    for number, (product, amount) in enumerate(lines, start=1):
        OrderItem.objects.create(
            account_id=association.customer_id,
            order=found,
            number=number,
            product=product,
            name=f"{product.code}-{number}",
            spec_text="s6.small.1",
            period=Period.YEAR,
            period_count=1,
            list_amount=Decimal(amount),
            amount=Decimal(amount),
        )
    return found


def resource(account_id: int, product: Product, name: str, **fields: Any) -> CloudResource:
    """A resource of the customer, running."""
    moment = clock.now()
    values: dict[str, Any] = {
        "resource_id": f"id-{name}",
        "name": name,
        "product": product,
        "mode": product.mode,
        "spec_text": "1",
        "created_at": moment,
        "effective_at": moment - timedelta(days=1),
        "updated_at": moment,
    }
    if product.mode != BillingMode.PAY_PER_USE:
        values |= {"expires_at": moment + timedelta(days=10), "order_no": "CS1"}
    return CloudResource.objects.create(account_id=account_id, **values | fields)


def savings_plan(like: Product) -> Product:
    """A savings plan beside the other goods."""
    return Product.objects.create(
        code="savings-1y",
        name="Savings plan, 1 year",
        mode=BillingMode.SAVINGS_PLAN,
        service_type=like.service_type,
        resource_type=like.resource_type,
        term_months=12,
    )
