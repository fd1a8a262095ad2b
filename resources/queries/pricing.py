"""Resources as a price inquiry of their owner sees them (docs/api/bss-api.md B.49)."""

from __future__ import annotations

from collections.abc import Collection

from partner_center.actors import Actor

from ..models import CloudResource
from .reach import SHOWN, of_customer


def by_resource_id(actor: Actor, resource_ids: Collection[str]) -> dict[str, CloudResource]:
    """The actor's own account's resources that are still there, by their IDs."""
    rows = of_customer(actor).existing().filter(resource_id__in=resource_ids)
    return {row.resource_id: row for row in rows}


def attached_to(mains: Collection[CloudResource]) -> dict[int, list[CloudResource]]:
    """Resources that are attached to these and are still there, by the key of the main one."""
    found: dict[int, list[CloudResource]] = {}
    rows = CloudResource.objects.existing().filter(parent__in=[row.pk for row in mains])
    for row in rows.select_related(*SHOWN).order_by("pk"):
        found.setdefault(row.parent_id or 0, []).append(row)
    return found
