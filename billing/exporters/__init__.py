"""Files of billing, by subject; loaded at start."""

from . import coupons

__all__ = ["coupons"]
