"""What orders hear from below, and add to the checks of the floors below."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from customers import account_checks
from customers.choices import Side
from customers.models import Association
from customers.rules.disassociation import CheckItem

from .choices import OrderStatus
from .middleware import SESSION_KEY
from .models import CustomerOrder
from .services import on_behalf


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


@receiver(user_logged_out)
def end_on_behalf_session(sender: object, *, request: HttpRequest | None, **_more: Any) -> None:
    """Signing out ends the session on a customer's behalf, too (08-AUT-11)."""
    session = getattr(request, "session", None)
    actor = getattr(request, "actor", None)
    if actor is not None and session is not None and (session_id := session.get(SESSION_KEY)):
        on_behalf.end(actor, session_id, on_behalf.EndCause.SIGNED_OUT)
