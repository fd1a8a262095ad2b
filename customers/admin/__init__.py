"""The operator's pages of the customers app, one module a subject."""

from . import associations, campaigns

__all__ = ["associations", "campaigns"]
from . import association_reviews, associations

__all__ = ["association_reviews", "associations"]
