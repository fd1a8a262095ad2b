"""Columns that hold money and quantities: one width for each meaning, ``numeric`` in the database.

Amounts are products of a pricing quantity (10 decimals) and a price (10 decimals), so 20 decimals
hold every one of them exactly; nothing is rounded on the way (05-BIL-08).
"""

from __future__ import annotations

from typing import Any

from django.db import models


class NumericField(models.DecimalField):
    """The base of them all: its class says how wide it is."""

    digits = 38
    places = 0
    #: Whether it holds an amount or a price: the operator's pages then print at least two decimals.
    is_money = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = self.digits, self.places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the width to the class."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, list(args), kwargs


class AmountField(NumericField):
    """An exact amount in USD unless the column says otherwise; 20 decimals, any sign."""

    places = 20
    is_money = True


class PriceField(NumericField):
    """A unit price in USD; 10 decimals."""

    digits = 20
    places = 10
    is_money = True


class QuantityField(NumericField):
    """A metered quantity in the unit that it was metered in; 15 decimals."""

    places = 15


class PricingQuantityField(NumericField):
    """A quantity in the pricing unit, truncated to 10 decimals (05-BFD columns 50, 52, 53)."""

    places = 10
