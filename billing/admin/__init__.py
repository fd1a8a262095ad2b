"""The operator's pages of billing, by subject."""

from . import adjustments, coupons, rates, terms

__all__ = ["adjustments", "coupons", "rates", "terms"]
