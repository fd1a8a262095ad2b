"""The operator's pages of the customers app, one module a subject."""

from . import associations, preregistrations

__all__ = ["associations", "preregistrations"]
