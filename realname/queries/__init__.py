"""Reads of real-name authentication; what the floors above ask most stands here."""

from .state import (
    accounts_named,
    authenticated_name,
    customer_type,
    customer_type_of,
    is_authenticated,
    is_in_or_through,
    name_of,
    status_of,
    verified_status,
)

__all__ = [
    "accounts_named",
    "authenticated_name",
    "customer_type",
    "customer_type_of",
    "is_authenticated",
    "is_in_or_through",
    "name_of",
    "status_of",
    "verified_status",
]
