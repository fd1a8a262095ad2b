"""Files of billing, by subject; loaded at start."""

from . import bills, details, focus

__all__ = ["bills", "details", "focus"]
