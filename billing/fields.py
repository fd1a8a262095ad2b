"""Columns of bills: wide enough for every exact product."""

from __future__ import annotations

from typing import Any

from django.db import models

from partner_center.amounts import NumericField


class SettledField(NumericField):
    """An exact amount in USD: list amount (20 decimals) × discount (4) × tax rate (6).

    The database keeps every decimal that it is given: nothing can be rounded on the way in.
    """

    digits = 60
    places = 30
    is_money = True

    def db_type(self, connection: Any) -> str:
        """Without a width."""
        return "numeric"


class CouponAmountField(NumericField):
    """An amount of a coupon in USD; 8 decimals (05-BIL-12)."""

    digits = 24
    places = 8
    is_money = True


class CentField(NumericField):
    """Money that is owed, paid or moved; 2 decimals (05-BIL-08)."""

    digits = 20
    places = 2
    is_money = True


class PercentField(NumericField):
    """Percent, with 4 decimals."""

    digits = 8
    places = 4


class RateField(NumericField):
    """How much of another currency one USD is; 8 decimals."""

    digits = 20
    places = 8


def loose_key(to: Any, **options: Any) -> models.ForeignKey:
    """A key whose row is joined by the statement that writes it, so nobody checks it again."""
    return models.ForeignKey(
        to,
        **{
            "on_delete": models.DO_NOTHING,
            "db_constraint": False,
            "db_index": False,
            "related_name": "+",
            **options,
        },
    )
