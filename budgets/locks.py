"""Row locks of the budgets app: associations by key, after whatever the customers app locks.

Holds and states have no locks of their own: who changes them holds the association (04-BFM-16).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from customers.models import Association
from customers.queries import reach
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resellers.locks import lock_ties

from .choices import HoldOwner
from .models import FreezeHold


def lock_reachable(actor: Actor, association_ids: Iterable[int]) -> list[Association]:
    """Live associations of the actor's account or of its resellers, locked, by key.

    Raises NotFound if one is missing, another tenant's or outside the actor's scope.
    """
    wanted = set(association_ids)
    rows = reach.reachable(actor).filter(pk__in=wanted).select_related("customer", "account")
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    if not wanted or {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_for_budgets(actor: Actor, association_ids: Collection[int]) -> list[Association]:
    """As :func:`lock_reachable`, after what binds resellers to distributors: no quota is overspent and
    no grant changes meanwhile (04-BFM-16). Raises NotFound."""
    rows = reach.reachable(actor).filter(pk__in=association_ids)
    lock_ties({*rows.values_list("account_id", flat=True)})
    return lock_reachable(actor, association_ids)


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


def lock_live(association_ids: Iterable[int]) -> list[Association]:
    """Those of these associations that are live, locked, by key; for jobs over many tenants."""
    rows = Association.objects.live().filter(pk__in=association_ids)
    rows = rows.select_related("customer", "account").order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def lock_live_keys(association_ids: Iterable[int]) -> list[int]:
    """As :func:`lock_live`, where the keys are all that is needed."""
    rows = Association.objects.live().filter(pk__in=association_ids).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
