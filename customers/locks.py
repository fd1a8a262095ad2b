"""Row locks of the customers app, always taken in this order: accounts by key (accounts.locks),
pre-registrations, invitations, associations by key, association records, authorizations."""

from __future__ import annotations

from collections.abc import Iterable

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import Association, OnBehalfAuthorization
from .queries import reach


def lock_association(association_id: int) -> Association:
    """A live association of anybody, locked to the end of the transaction. Raises NotFound."""
    rows = Association.objects.live().select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("customer", "account")
    if (found := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return found


def lock_own_associations(actor: Actor, association_ids: Iterable[int]) -> list[Association]:
    """Live associations that the actor sees, locked, by key. Raises NotFound if one is missing."""
    wanted = set(association_ids)
    rows = Association.objects.visible_to(actor).live().filter(pk__in=wanted)
    rows = rows.select_related("customer", "account").order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    if {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_reachable(actor: Actor, association_id: int) -> Association:
    """A live association of the actor's account or of its resellers, locked. Raises NotFound."""
    rows = reach.reachable(actor).select_related("customer", "account").filter(pk=association_id)
    if (found := rows.select_for_update(of=("self",), no_key=True).first()) is None:
        raise NotFound
    return found


def lock_authorization(actor: Actor, authorization_id: int) -> OnBehalfAuthorization:
    """An authorization that the actor's account gives, locked after its association.

    Raises NotFound.
    """
    rows = OnBehalfAuthorization.objects.filter(customer_id=actor.account_id, pk=authorization_id)
    if (association_id := rows.values_list("association_id", flat=True).first()) is None:
        raise NotFound
    Association.objects.select_for_update(no_key=True).get(pk=association_id)
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.select_related("account", "customer", "association").get()
