"""Reads about a partner's customers as a whole, for whoever is responsible for the partner."""

from __future__ import annotations

from ..models import Association


def customer_count_of(partner_id: int) -> int:
    """How many customers a partner has now."""
    return Association.objects.live().filter(account_id=partner_id).count()
