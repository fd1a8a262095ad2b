"""The card Cash Coupons on the page of one customer (04-CUD-05, 06-DCU-12)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

import billing.queries.coupons
from partner_center import clock
from partner_center.actors import Actor

from ..models import Association


def card(actor: Actor, association: Association) -> dict[str, Any]:
    """What the card prints; nothing for those who may not see coupons."""
    found = billing.queries.coupons.of_customer(actor, association, clock.now())
    if found is None:
        return {}
    query = urlencode({"q": association.customer.name, "status": "available"})
    return {"coupons": found, "coupons_url": f"{reverse('billing:coupons')}?{query}"}
