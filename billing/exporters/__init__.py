"""Files of billing, by subject; loaded at start."""

from . import bills, coupons, details, focus, funds

__all__ = ["bills", "coupons", "details", "focus", "funds"]
