"""What billing hears from below: a consumption quota asks what of it is settled, an order is paid.

Account checks ask it whether a customer has a balance.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from budgets.signals import quota_set
from customers import account_checks
from orders.models import CustomerOrder
from orders.signals import order_settled

from .queries import credit
from .queries import funds as queries
from .services import customer_funds, funds

account_checks.add_balance(credit.has_balance)


@receiver(quota_set)
def say_what_is_settled(sender: object, *, account_id: int, moment: datetime, **_more: Any) -> None:
    """Paid bills and the balance count from the first moment of a quota.

    The account is not locked: who sets a quota holds other locks already. A payment at the same instant
    says so itself, or the daily job does.
    """
    funds.note_quota(queries.account_of(account_id), moment)


@receiver(order_settled)
def pay_from_balance(
    sender: object, *, order: CustomerOrder, moment: datetime, **_more: Any
) -> None:
    """A customer that pays itself pays from what it has topped up."""
    customer_funds.settle(order, moment)
