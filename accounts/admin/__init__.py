"""The operator's pages of the accounts app, one module a subject."""

from . import accounts, agreements, enterprise, keys, schedule, standing, users

__all__ = ["accounts", "agreements", "enterprise", "keys", "schedule", "standing", "users"]
