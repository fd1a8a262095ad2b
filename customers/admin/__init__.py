"""The operator's pages of the customers app, one module a subject."""

from . import (
    assignments,
    association_reviews,
    associations,
    campaigns,
    discounts,
    preregistrations,
    referral_exclusions,
)

__all__ = [
    "assignments",
    "association_reviews",
    "associations",
    "campaigns",
    "discounts",
    "preregistrations",
    "referral_exclusions",
]
