"""What the tests of Customer Alerts share: usage of days, and alerts as the evaluation leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from catalog.choices import BillingMode
from catalog.models import Product
from churn.models import CustomerAlert
from churn.services import evaluating
from churn.services.handling import Answer
from customers.models import Association
from metering.models import DailySpend
from partner_center import clock

#: The day that is evaluated.
DAY = date(2026, 11, 20)
KEPT = Answer(lost=False, answer="fluctuation")
LOST = Answer(lost=True, answer="competitor")
DETAILS = {
    "drops": [
        {
            "product": "Elastic Cloud Server",
            "days": 5,
            "usual": "10.00",
            "recent": "4.00",
            "percent": 60,
        }
    ]
}


def use(
    association: Association,
    product: Product,
    usual: str,
    recent: Mapping[int, str] | str = "",
    *,
    day: date = DAY,
    **columns: object,
) -> None:
    """The customer used so much on each of the 28 usual days, and on the days before ``day``.

    ``recent`` is an amount for every one of the last 7 days, or some of them by how many days ago.
    """
    amounts = dict.fromkeys(range(8, 36), usual)
    amounts |= dict.fromkeys(range(1, 8), recent) if isinstance(recent, str) else recent
    DailySpend.objects.bulk_create(
        DailySpend(
            cycle=f"{day - timedelta(days=ago):%Y-%m}",
            customer_id=association.customer_id,
            association_id=association.pk,
            partner_id=association.account_id,
            spent_on=day - timedelta(days=ago),
            service_type_id=product.service_type_id,
            product=product,
            charges=1,
            list_amount=Decimal(amount),
            discount_amount=Decimal(0),
            updated_at=clock.now(),
            **{
                "model": association.model,
                "mode": BillingMode.PAY_PER_USE,
                "bill_type": "expenditure",
                **columns,
            },
        )
        for ago, amount in amounts.items()
        if amount
    )


def evaluate(day: date = DAY) -> int:
    """The evaluation of a day."""
    return evaluating.evaluate(day, clock.now())


def alerts(associations: Iterable[Association], day: date = DAY) -> list[CustomerAlert]:
    """An alert about each of these customers."""
    return CustomerAlert.objects.bulk_create(
        CustomerAlert(
            account_id=association.account_id,
            association=association,
            scenario="usage",
            day=day,
            details=DETAILS,
            raised_at=clock.now(),
        )
        for association in associations
    )


def alert(association: Association) -> CustomerAlert:
    """An alert about this customer."""
    return alerts([association])[0]
