"""Reads of real-name authentication; what the floors above ask most stands here."""

from .state import (
    authenticated_name,
    customer_type,
    customer_type_of,
    is_authenticated,
    is_in_or_through,
    is_named,
    name_of,
    status_of,
    verified_status,
)

__all__ = [
    "authenticated_name",
    "customer_type",
    "customer_type_of",
    "is_authenticated",
    "is_in_or_through",
    "is_named",
    "name_of",
    "status_of",
    "verified_status",
]
