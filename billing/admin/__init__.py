"""The operator's pages of billing, by subject."""

from . import adjustments, coupons, funds, invoices, rates, terms

__all__ = ["adjustments", "coupons", "funds", "invoices", "rates", "terms"]
