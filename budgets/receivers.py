"""What budgets hear from the customers below: where the Reseller model begins and ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from customers.models import Association
from customers.signals import (
    association_completed,
    association_ended,
    association_type_changed,
)
from partner_center.actors import Actor

from .services import association as services


@receiver(association_completed)
def freeze_by_default(
    sender: object,
    *,
    association: Association,
    actor: Actor,
    moment: datetime,
    freezes: bool,
    **_more: Any,
) -> None:
    """A customer associated in the Reseller model begins frozen, unless the operator chose otherwise."""
    if freezes:
        services.freeze_by_default(actor, association, moment)


@receiver(association_ended)
def close_holds(
    sender: object, *, association: Association, actor: Actor, moment: datetime, **_more: Any
) -> None:
    """The freeze ends with the association."""
    services.close(actor, association, moment)


@receiver(association_type_changed)
def close_holds_of_reseller_model(
    sender: object, *, association: Association, actor: Actor, moment: datetime, **_more: Any
) -> None:
    """Where the partner no longer pays, it no longer freezes."""
    services.close_reseller_model(actor, association, moment)
