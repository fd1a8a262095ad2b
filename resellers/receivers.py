"""What resellers hear from the accounts below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import Account
from accounts.signals import partner_kind_changed

from . import services


@receiver(partner_kind_changed)
def keep_kind_while_associated(sender: object, *, account: Account, **_more: Any) -> None:
    """A distributor with resellers, and a reseller under a distributor, keep their kind."""
    services.refuse_other_kind(account)
