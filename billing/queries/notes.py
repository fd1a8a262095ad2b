"""Which page notes a user has put away."""

from __future__ import annotations

from partner_center.actors import Actor

from ..models import DismissedNote


def is_dismissed(actor: Actor, note: str) -> bool:
    """Whether the acting user does not want to see it again."""
    return DismissedNote.objects.filter(user=actor.user_id, note=note).exists()
