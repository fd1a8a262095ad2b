"""The operator's pages of billing, by subject."""

from . import funds, invoices

__all__ = ["funds", "invoices"]
