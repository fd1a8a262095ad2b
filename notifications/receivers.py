"""What the notifications give to the floors below: the number beside the bell; what they hear."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Account
from accounts.signals import terms_changed
from partner_center import context
from partner_center.actors import Actor

from . import queries
from .services.terms import tell_terms

context.use_unread_counter(queries.unread_count)


@receiver(terms_changed)
def tell_partner_of_terms(
    sender: object,
    *,
    account: Account,
    after: Mapping[str, Any],
    actor: Actor,
    moment: datetime,
    **_more: Any,
) -> None:
    """The partner hears what it was granted, or what was taken."""
    tell_terms(actor, account=account, after=after, moment=moment)
