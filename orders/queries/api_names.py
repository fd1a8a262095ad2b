"""From the names of the API to rows: orders by number, resources by the provider's ID."""

from __future__ import annotations

from collections.abc import Sequence

from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resources.models import CloudResource

from ..choices import DiscountKind
from ..models import CustomerOrder, PriceAdjustment
from ..permissions import BUY
from ..refusals.buying import DiscountNotUsable
from . import payments


def order_id(actor: Actor, order_no: str) -> int:
    """Key of an order of the actor's account. Raises NotFound."""
    actor.require(BUY)
    rows = CustomerOrder.objects.visible_to(actor).filter(order_no=order_no)
    if (found := rows.values_list("pk", flat=True).first()) is None:
        raise NotFound
    return found


def resource_ids(actor: Actor, names: Sequence[str]) -> dict[str, int]:
    """Keys of the actor's account's resources that are still there, by ID, in the order asked for.

    Raises NotFound when one is missing or another account's.
    """
    actor.require(BUY)
    rows = CloudResource.objects.visible_to(actor).existing().filter(resource_id__in=names)
    found = dict(rows.values_list("resource_id", "pk"))
    if not names or set(names) - set(found):
        raise NotFound
    return {name: found[name] for name in dict.fromkeys(names)}


def known_resource_ids(actor: Actor, names: Sequence[str]) -> dict[str, int | None]:
    """The same, with None for what is missing."""
    actor.require(BUY)
    rows = CloudResource.objects.visible_to(actor).existing().filter(resource_id__in=names)
    found = dict(rows.values_list("resource_id", "pk"))
    return {name: found.get(name) for name in dict.fromkeys(names)}


def refuse_other_discount(
    actor: Actor, order_key: int, kind: DiscountKind, discount_id: str
) -> None:
    """Raise DiscountNotUsable unless this is the discount of its kind that the order can have."""
    order = CustomerOrder.objects.visible_to(actor).get(pk=order_key)
    if kind == DiscountKind.ADJUSTMENT:
        newest = PriceAdjustment.objects.filter(order=order).order_by("-pk")
        known = newest.values_list("pk", flat=True).first()
    else:
        known = getattr(payments.live_discount(order.association_id, order.ordered_at), "pk", None)
    if discount_id != str(known):
        raise DiscountNotUsable
