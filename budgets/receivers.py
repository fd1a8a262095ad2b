"""What budgets hear from the customers below: where the Reseller model begins and ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from customers import account_checks
from customers.choices import AssociationModel
from customers.models import Association
from customers.signals import (
    association_completed,
    association_ended,
    association_type_changed,
)
from metering.signals import spend_changed
from partner_center.actors import Actor
from resellers.models import ResellerAssociation, ResellerBudgetGrant
from resellers.signals import budget_grant_changed

from .queries import holds
from .services import association as services
from .services import pending, setting
from .services import quotas as services_quotas

account_checks.add(holds.account_check)


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
    setting.end(actor, association, moment)


@receiver(association_type_changed)
def close_holds_of_reseller_model(
    sender: object, *, association: Association, actor: Actor, moment: datetime, **_more: Any
) -> None:
    """Where the partner no longer pays, it no longer freezes."""
    services.close_reseller_model(actor, association, moment)
    if association.model != AssociationModel.RESELLER:
        setting.end(actor, association, moment)


@receiver(spend_changed)
def check_soon(
    sender: object, *, customer_ids: frozenset[int], moment: datetime, **_more: Any
) -> None:
    """Look at the budgets of customers whose spend has changed, as soon as it is committed."""
    pending.enqueue(customer_ids, moment)


@receiver(budget_grant_changed)
def keep_allocated(
    sender: object,
    *,
    association: ResellerAssociation,
    after: ResellerBudgetGrant | None,
    **_more: Any,
) -> None:
    """A quota is not set below what the reseller has allocated (06-PRM-13, 04 D-40)."""
    if after is not None:
        services_quotas.refuse_below_allocated(association.reseller_id, after)
