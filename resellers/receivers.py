"""What resellers hear from the accounts below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.choices import PartnerKind
from accounts.models import Account
from accounts.signals import partner_kind_changed, registration_completed
from partner_center.actors import Actor

from .services import associating, requesting


@receiver(partner_kind_changed)
def keep_kind_while_associated(
    sender: object, *, account: Account, before: PartnerKind, after: PartnerKind, **_more: Any
) -> None:
    """A distributor with resellers, and a reseller under a distributor, keep their kind."""
    associating.refuse_other_kind(account, before=before, after=after)


@receiver(registration_completed)
def file_reseller_request(
    sender: object, *, account: Account, actor: Actor, moment: datetime, **_more: Any
) -> None:
    """An invited account that has registered completely files its request by itself (01-RSL-02)."""
    requesting.file_waiting(actor, account, moment)
