"""What Customer Alerts hear from the customers below: who looks after whom from now on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from customers.signals import customers_assigned

from .services import telling


@receiver(customers_assigned)
def tell_new_manager(
    sender: object,
    *,
    association_ids: Collection[int],
    manager: User,
    event: str,
    **_more: Any,
) -> None:
    """Alerts that are open go over to the new account manager, which is told of them."""
    telling.tell_assigned(association_ids, manager, event)
