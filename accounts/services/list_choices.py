"""What a user chose for the pages it works with; no business data, so not in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from partner_center.actors import Actor

from ..models import User
from ..permissions import OWN_PROFILE


@transaction.atomic(durable=True)
def remember_list(
    actor: Actor,
    list_name: str,
    columns: Sequence[str] | None = None,
    page_size: int | None = None,
) -> None:
    """Store the columns and the page size that the user chose for a list (02-USR-08).

    None leaves that part as it is; no columns mean those that the list shows by itself.
    """
    if actor.on_behalf is None:  # on behalf, too, the choices are the user's own
        actor.require(OWN_PROFILE)
    user = User.objects.select_for_update().get(pk=actor.user_id)
    lists = user.preferences.setdefault("lists", {})
    chosen = lists.setdefault(list_name, {})
    if columns is not None:
        chosen["columns"] = list(columns)
    if page_size is not None:
        chosen["page_size"] = page_size
    user.save(update_fields=["preferences"])
