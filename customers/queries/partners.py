"""Reads about partners and customers as a whole, for the pages of resellers."""

from __future__ import annotations

from ..models import Association


def customer_count_of(partner_id: int) -> int:
    """How many customers a partner has now."""
    return Association.objects.live().filter(account_id=partner_id).count()


def has_partner(customer_id: int) -> bool:
    """Whether the account is a partner's customer now."""
    return Association.objects.live().filter(customer_id=customer_id).exists()
