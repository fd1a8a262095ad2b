"""The operator's pages of billing, by subject."""

from . import adjustments, bills, coupons, funds, invoices, rates, runs, terms

__all__ = ["adjustments", "bills", "coupons", "funds", "invoices", "rates", "runs", "terms"]
