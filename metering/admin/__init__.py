"""The operator's pages of metering."""

from . import books, sources

__all__ = ["books", "sources"]
