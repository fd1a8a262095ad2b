"""Files of billing, by subject; loaded at start."""

from . import bills

__all__ = ["bills"]
