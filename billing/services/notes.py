"""Putting page notes away (05-BQY-02)."""

from __future__ import annotations

from django.db import transaction

import audit.services
from accounts.models import User
from partner_center import clock
from partner_center.actors import Actor

from ..models import DismissedNote
from ..permissions import VIEW_BILLS
from ..queries import reach


@transaction.atomic
def dismiss(actor: Actor, note: str) -> None:
    """Remember that the acting user has read the note; once is enough."""
    reach.require(actor, VIEW_BILLS)
    user = User.objects.get(pk=actor.user_id)
    _row, is_new = DismissedNote.objects.get_or_create(
        user=user, note=note, defaults={"dismissed_at": clock.now()}
    )
    if is_new:
        audit.services.record(actor, "billing.note.dismissed", user, after={"note": note})
