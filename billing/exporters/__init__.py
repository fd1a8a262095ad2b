"""Files of billing, by subject; loaded at start."""

from . import bills, details, focus, funds

__all__ = ["bills", "details", "focus", "funds"]
