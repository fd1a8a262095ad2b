"""Row locks of the budgets app: associations by key, after whatever the customers app locks.

Holds and states have no locks of their own: who changes them holds the association (04-BFM-16).
"""

from __future__ import annotations

from collections.abc import Iterable

from customers.models import Association
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .choices import HoldOwner
from .models import FreezeHold
from .queries import control


def lock_reachable(actor: Actor, association_ids: Iterable[int]) -> list[Association]:
    """Live associations of the actor's account or of its resellers, locked, by key.

    Raises NotFound if one is missing, another tenant's or outside the actor's scope.
    """
    wanted = set(association_ids)
    rows = control.reachable(actor).filter(pk__in=wanted).select_related("customer", "account")
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    if not wanted or {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_by_customer(customer_id: int) -> Association | None:
    """The live association of a customer with whomever, locked; None without one."""
    rows = Association.objects.live().select_for_update(of=("self",), no_key=True)
    return rows.select_related("customer", "account").filter(customer_id=customer_id).first()


def lock_hold(hold_id: int, *, owner: HoldOwner) -> Association:
    """The association of a live hold of this owner, locked. Raises NotFound."""
    live = FreezeHold.objects.filter(pk=hold_id, owner=owner, released_at=None)
    if (found := live.values_list("association__customer_id", flat=True).first()) is None:
        raise NotFound
    association = lock_by_customer(found)
    if association is None or not live.filter(association=association).exists():
        raise NotFound
    return association
