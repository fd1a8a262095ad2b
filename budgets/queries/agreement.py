"""The Agreement for Partners to Manage Customer Budgets (04-ONE-06)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import AgreementDocument
from accounts.queries import agreements
from partner_center.refusals import NotFound

CODE = "customer-budget-agreement"


def in_force(moment: datetime) -> AgreementDocument:
    """The newest version published by this moment. Raises NotFound."""
    found = agreements.current([CODE], moment)
    if not found:
        raise NotFound
    return found[0]
