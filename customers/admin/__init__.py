"""The operator's pages of the customers app, one module a subject."""

from . import associations, campaigns

__all__ = ["associations", "campaigns"]
