"""What customers hear from the accounts below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.choices import PartnerKind
from accounts.models import Account, User
from accounts.signals import (
    account_registered,
    member_deleted,
    partner_kind_changed,
    portfolio_role_lost,
)
from notifications import policies
from partner_center.actors import Actor
from partner_center.permissions import Audience
from realname.models import RealNameApplication
from realname.signals import application_decided
from resellers.choices import RestrictionCause
from resellers.signals import restrictions_asked

from . import message_policy, pop_ups
from .queries import partners as queries
from .services import newcomers, preregistrations, real_name
from .services import operating as services

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


@receiver(account_registered)
def note_newcomer(
    sender: object, *, actor: Actor, moment: datetime, errand: str, **_more: Any
) -> None:
    """Who registered through an invitation link stands in the partner's History Records (HIS-01)."""
    newcomers.came_through(actor, errand, moment)


@receiver(user_logged_in)
def ask_at_first_page(sender: object, *, request: HttpRequest, user: User, **_more: Any) -> None:
    """The first page after sign-in shows the Instructions that still have to be signed (INS-03)."""
    if user.account.audience == Audience.CUSTOMER:
        pop_ups.ask_once(request)


@receiver(application_decided)
def tell_partner_of_real_name(
    sender: object, *, application: RealNameApplication, actor: Actor, **_more: Any
) -> None:
    """The partner that applied for its customer hears what the operator decided."""
    real_name.tell_partner(actor, application)


@receiver(restrictions_asked)
def say_whose_customer(
    sender: object, *, account: Account, **_more: Any
) -> tuple[RestrictionCause, ...]:
    """A partner's customer does not become a reseller (06-RSL-09)."""
    return (RestrictionCause.OTHER_PARTNER,) if queries.has_partner(account.pk) else ()
