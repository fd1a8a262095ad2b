"""What billing hears from the budgets below: a consumption quota asks what of it is settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from budgets.signals import quota_set

from .queries import funds as queries
from .services import funds


@receiver(quota_set)
def say_what_is_settled(sender: object, *, account_id: int, moment: datetime, **_more: Any) -> None:
    """Paid bills and the balance count from the first moment of a quota.

    The account is not locked: who sets a quota holds other locks already. A payment at the same instant
    says so itself, or the daily job does.
    """
    funds.note_quota(queries.account_of(account_id), moment)
