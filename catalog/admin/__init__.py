"""The operator's pages of the catalogue, one module a subject."""

from . import dictionary, prices, products

__all__ = ["dictionary", "prices", "products"]
