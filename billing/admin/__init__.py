"""The operator's pages of billing, by subject."""

from . import funds

__all__ = ["funds"]
