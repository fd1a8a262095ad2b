"""Showing one masked value of a customer in full (04-CUS-03, 06-DX-06)."""

from __future__ import annotations

from django.db import transaction

import audit.services
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..permissions import VIEW_CUSTOMERS
from ..queries import management

#: What the page masks, and where it is kept at the customer's account.
MASKED = {"name": "full_name", "mobile": "bound_mobile", "email": "email"}


@transaction.atomic(durable=True)
def reveal(actor: Actor, association_id: int, *, field: str) -> str:
    """The value in full; that somebody saw it is recorded. Raises NotFound, also for other fields."""
    actor.require(VIEW_CUSTOMERS)
    if field not in MASKED:
        raise NotFound
    association = management.get_customer(actor, association_id)
    audit.services.record(
        actor,
        "customers.customer.revealed",
        association,
        after={"customer": association.customer.name, "field": field},
    )
    return str(getattr(association.customer, MASKED[field]))
