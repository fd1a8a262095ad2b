"""What customers hear from the accounts below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.choices import PartnerKind
from accounts.models import Account, User
from accounts.signals import member_deleted, partner_kind_changed, portfolio_role_lost
from notifications import policies
from partner_center.actors import Actor

from . import message_policy
from .services import operating as services
from .services import preregistrations

policies.add(message_policy.channels_for)


@receiver([member_deleted, portfolio_role_lost])
def unassign_customers(
    sender: object, *, user: User, actor: Actor, moment: datetime, **_more: Any
) -> None:
    """A deleted member, or one without its portfolio role, looks after nobody (02 S-07, S-08)."""
    services.end_assignments_of(actor, manager=user, moment=moment)
    preregistrations.release_manager(actor, manager=user)


@receiver(partner_kind_changed)
def keep_partner_with_customers(
    sender: object, *, account: Account, after: PartnerKind, **_more: Any
) -> None:
    """An account with customers does not stop being a partner."""
    if after == PartnerKind.NONE:
        services.refuse_losing_partner(account)
