"""The operator's pages of billing, by subject."""

from . import invoices

__all__ = ["invoices"]
