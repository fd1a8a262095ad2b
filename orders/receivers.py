"""What orders add to the checks of the floors below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from customers import account_checks
from customers.choices import Side
from customers.models import Association
from customers.rules.disassociation import CheckItem

from .choices import OrderStatus
from .models import CustomerOrder


def _pending(association: Association, side: Side) -> list[CheckItem]:
    """An order that waits to be paid by the partner keeps the customer from leaving (08-BUY-08)."""
    if side != Side.CUSTOMER:
        return []
    waiting = CustomerOrder.objects.filter(
        association=association, status=OrderStatus.PENDING_PAYMENT
    )
    return [
        CheckItem(
            "pending_orders",
            _("No unpaid order waits in My Orders"),
            not waiting.exists(),
            _("Pay or cancel the orders in My Orders first."),
        )
    ]


account_checks.add(_pending)
