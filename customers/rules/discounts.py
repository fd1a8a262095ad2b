"""Decisions about partner discounts over plain values (04 §8.3.1.8)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ..choices import DiscountState

#: Partners registered here cannot set discounts (04-DSC-03), by ISO 3166 code.
EXCLUDED_COUNTRIES = frozenset(
    {
        *("CL", "BR", "CO", "SV", "JM", "BO", "UY", "AR", "EC", "DO"),
        *("SR", "HT", "PE", "PY", "GY", "HN", "MX", "BB", "GF", "NI"),
        *("PA", "CR", "PR", "TT", "BZ", "GT", "BS", "BM", "LC"),
    }
)


class Wrong(StrEnum):
    """What is wrong with a discount, by field."""

    PERCENT = "percent"
    STARTS_IN_PAST = "starts_on"
    START_FIXED = "start_fixed"
    ENDS_EARLY = "ends_on"


def state_on(starts_on: date, ends_on: date, today: date) -> DiscountState:
    """Where a discount stands; both days belong to it."""
    if today < starts_on:
        return DiscountState.NOT_EFFECTIVE
    return DiscountState.EFFECTIVE if today <= ends_on else DiscountState.EXPIRED


def find_wrong(
    *,
    percent: int,
    starts_on: date,
    ends_on: date,
    today: date,
    maximum: int,
    effective_since: date | None,
) -> Wrong | None:
    """What keeps a discount from being set; None when nothing does.

    ``effective_since`` is the first day of a discount that is in effect: of it only the percentage
    and the end can change (04-DSC-07). A percentage of 0 deletes and is always right.
    """
    if percent < 0 or percent > maximum:
        return Wrong.PERCENT
    if percent == 0:
        return None
    if effective_since and starts_on != effective_since:
        return Wrong.START_FIXED
    if not effective_since and starts_on < today:
        return Wrong.STARTS_IN_PAST
    return Wrong.ENDS_EARLY if ends_on < max(starts_on, today) else None
