"""What a partner's user may do in a customer's account, and how long (04 §8.3.1.11, 8.3.1.12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from metering.permissions import VIEW_OWN_BILLS
from resources.permissions import VIEW_RESOURCES

from ..permissions import BUY, OPERATE_RESOURCES

#: The scope that the customer grants with its letter (04 §8.3.1.10), as permissions of the customer's
#: account: orders, resources, renewals, unsubscriptions, expenditure. Nothing of members, of the
#: customer's partner, or of its keys and codes.
SCOPE = frozenset({BUY, OPERATE_RESOURCES, VIEW_RESOURCES, VIEW_OWN_BILLS})


def is_over(started_at: datetime, moment: datetime, lifetime: timedelta) -> bool:
    """Whether a session has lasted as long as a sign-in does; then it ends by itself."""
    return moment >= started_at + lifetime
