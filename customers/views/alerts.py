"""The card Customer Alerts on the page of one customer (04-CUD-08, 07-RCUS-18)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

import churn.queries
from partner_center.actors import Actor

from ..models import Association


def card(actor: Actor, association: Association) -> dict[str, Any]:
    """What the card prints; nothing for those who may not see alerts."""
    found = churn.queries.losses_of(actor, association)
    if found is None:
        return {}
    page = churn.queries.tab_of(actor, association.account_id, found.manager_id)
    query = urlencode({"customer": association.customer.public_id})
    return {"losses": found, "alerts_url": f"{reverse(page)}?{query}"}
