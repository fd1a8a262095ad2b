"""What the pages of the customer's console share."""

from __future__ import annotations

from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import BUY

CUSTOMERS = frozenset({Audience.CUSTOMER})


class ConsolePage(PortalView):
    """A page of the console, for customers and whoever acts on their behalf."""

    permission = BUY
    audiences = CUSTOMERS
