"""The operator's pages of the customers app, one module a subject."""

from . import assignments, associations, discounts

__all__ = ["assignments", "associations", "discounts"]
