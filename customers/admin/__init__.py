"""The operator's pages of the customers app, one module a subject."""

from . import association_reviews, associations, campaigns, preregistrations, referral_exclusions

__all__ = [
    "association_reviews",
    "associations",
    "campaigns",
    "preregistrations",
    "referral_exclusions",
]
