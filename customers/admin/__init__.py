"""The operator's pages of the customers app, one module a subject."""

from . import associations, campaigns, preregistrations

__all__ = ["associations", "campaigns", "preregistrations"]
