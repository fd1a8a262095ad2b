"""Shapes of requests and answers: the base and the house's field types (docs/api/bss-api.md A.5)."""

from __future__ import annotations

from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from rest_framework import serializers

UTC_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


class RequestSerializer(serializers.Serializer):
    """A request: unknown fields are ignored, null counts as absent, and so does an empty string.

    ``keeps_blank`` names the fields for which an empty string means something.
    """

    keeps_blank: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            data = {name: v for name, v in data.items() if not self._is_absent(name, v)}
        return super().to_internal_value(data)

    def _is_absent(self, name: str, value: Any) -> bool:
        return value is None or (value == "" and name not in self.keeps_blank)


class PlainDecimal(Decimal):
    """A decimal that never writes itself with an exponent (``0E-8``)."""

    def __str__(self) -> str:
        return format(self, "f")


class AmountField(serializers.DecimalField):
    """A decimal that answers as a JSON number with a decimal point: ``50.00``, never ``50``.

    Incoming numbers may be artefacts of float (``0.30000000000000004``): they are rounded to eight
    places first, and must then fit into the field's own.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(coerce_to_string=False, rounding=ROUND_HALF_UP, **kwargs)

    def validate_precision(self, value: Decimal) -> Decimal:
        if value.adjusted() >= self.max_whole_digits:
            self.fail("max_whole_digits", max_whole_digits=self.max_whole_digits)
        exact = value.quantize(Decimal("1E-8"), rounding=ROUND_HALF_UP).normalize()
        return super().validate_precision(exact)

    def quantize(self, value: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-self.decimal_places), rounding=ROUND_HALF_UP)

    def to_representation(self, value: Decimal) -> Decimal | None:
        written = super().to_representation(value)
        return None if written is None else PlainDecimal(written)


class UtcField(serializers.DateTimeField):
    """A moment as ``yyyy-MM-dd'T'HH:mm:ss'Z'``, in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            format=UTC_FORMAT, input_formats=[UTC_FORMAT], default_timezone=UTC, **kwargs
        )
