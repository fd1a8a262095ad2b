"""What customers that pay themselves have topped up pays their orders (08-CST-01)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orders.choices import PaymentMethod
from orders.models import CustomerOrder
from partner_center.money import round_due

from ..choices import EntryType
from ..queries import credit
from . import funds


def settle(order: CustomerOrder, moment: datetime) -> Decimal:
    """Pay an order from the balance as far as it reaches, or give back what it gives back.

    In the transaction of the order, which has locked the customer; returns what was booked, in USD with
    2 decimals. Orders that a partner settles, and of a customer without a balance, book nothing.
    """
    amount = -round_due(order.amount)
    if order.payment != PaymentMethod.CASH or not amount:
        return Decimal(0)
    if amount < 0 and not credit.has_balance(order.account_id):
        return Decimal(0)
    account = funds.lock(order.account_id)
    booked = max(amount, -account.balance)
    if booked:
        kind = EntryType.REFUND if booked > 0 else EntryType.REPAYMENT
        funds.book(account, kind, booked, moment, remarks=order.order_no)
    return booked
