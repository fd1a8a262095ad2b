"""Files of billing, by subject; loaded at start."""

from . import funds

__all__ = ["funds"]
