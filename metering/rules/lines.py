"""One record as its line says it, and why a line is no record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


class BadLine(ValueError):
    """A line that cannot become a record. ``code`` is stable; the sentence is for people."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


@dataclass(slots=True)
class Line:
    """What one line says, each value checked by itself. Times are ISO 8601 with their offset."""

    key: str
    #: Of the content: 32 hexadecimal digits.
    fingerprint: str
    kind: str
    customer: str
    product: str
    region: str
    resource_id: str
    resource_name: str
    usage: Decimal | None
    unit: str
    size: str
    points: str
    list_cost: Decimal | None
    list_unit_price: Decimal | None
    started_at: str
    ended_at: str
    charged_at: str
    extra: str


@dataclass(frozen=True)
class Description:
    """What a line of another provider says about the product that it names."""

    product: str
    product_name: str
    service: str
    service_name: str
    category: str
    resource_type: str
    resource_type_name: str
    usage_type: str
    region: str
    region_name: str
    unit: str
    mode: str
    is_spot: bool
