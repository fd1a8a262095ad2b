"""The operator's pages of the accounts app, one module a subject."""

from . import accounts, agreements, keys, schedule, users

__all__ = ["accounts", "agreements", "keys", "schedule", "users"]
