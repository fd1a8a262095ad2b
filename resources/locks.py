"""Row locks of the resources app: resources by key, after whatever the caller locked."""

from __future__ import annotations

from collections.abc import Iterable

from partner_center.refusals import NotFound

from .models import CloudResource


def lock_of_account(account_id: int, pks: Iterable[int]) -> list[CloudResource]:
    """Resources of one account that are still there, locked, by key. Raises NotFound."""
    wanted = set(pks)
    rows = CloudResource.objects.existing().filter(account_id=account_id, pk__in=wanted)
    rows = rows.select_related("product__spec", "region", "project").select_for_update(of=("self",))
    found = list(rows.order_by("pk"))
    if not wanted or {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_with_attached(account_id: int, pks: Iterable[int]) -> list[CloudResource]:
    """The same, with what is attached to them: it is renewed and unsubscribed together."""
    wanted = set(pks)
    attached = CloudResource.objects.existing().filter(account_id=account_id, parent__in=wanted)
    return lock_of_account(account_id, wanted | set(attached.values_list("pk", flat=True)))
