"""FOCUS 1.0, the industry's cost-and-usage format (docs/formats/focus.md): one row, one record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from partner_center.clock import BillingCycle

from . import values
from .lines import BadLine, Description, Line

REQUIRED = (
    "ChargeCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ListCost",
    "ServiceName",
    "SubAccountId",
)
#: How real files write "no value".
_ABSENT = frozenset({"", "null", "none", "n/a"})
_KINDS = {
    "usage": "usage",
    "purchase": "purchase",
    "credit": "credit",
    "adjustment": "adjustment",
    #: Taxes of a provider are no consumption: they pass as adjustments.
    "tax": "adjustment",
}
_SLUG = re.compile(r"[^a-z0-9]+")


def head(names: Sequence[str]) -> list[str]:
    """The columns under this head. Raises BadLine when one that is needed is missing."""
    found = [name.strip() for name in names]
    if missing := [name for name in REQUIRED if name not in found]:
        raise BadLine("bad_head", f"The head lacks these columns: {', '.join(missing)}.")
    if len(set(found)) != len(found):
        raise BadLine("bad_head", "The head names a column twice.")
    return found


class Mapper:
    """Rows under one head become records. ``shift_months`` moves charge periods by whole months."""

    def __init__(self, columns: Sequence[str], shift_months: int = 0) -> None:
        self.columns = list(columns)
        self.order = sorted(range(len(self.columns)), key=lambda at: self.columns[at])
        self.has_id = "Id" in self.columns
        self.shift_months = shift_months

    def read(self, row: Sequence[str]) -> tuple[Line, Description]:
        """A record and what its row says of the product. Raises BadLine."""
        if len(row) != len(self.columns):
            raise BadLine(
                "bad_row", f"The row has {len(row)} values, the head has {len(self.columns)}."
            )
        cells = dict(zip(self.columns, map(_present, row), strict=True))
        return self._line(row, cells), describe(cells)

    def _line(self, row: Sequence[str], cells: Mapping[str, str]) -> Line:
        _refuse_other_currency(cells)
        start, end = self._moments(cells)
        digest = self._digest(row)
        cost = values.number("ListCost", cells["ListCost"], 20)
        if cost is None:
            raise BadLine("missing", "ListCost is missing.")
        usage, unit = _quantity(cells)
        kind = kind_of(cells)
        once = kind == "purchase" and cells.get("ChargeFrequency", "").lower() == "one-time"
        description = describe(cells)
        account = cells["SubAccountId"] or cells.get("BillingAccountId", "")
        return Line(
            key=self._key(cells, digest),
            fingerprint=digest.hex(),
            kind=kind,
            customer=values.required("SubAccountId", account, 255),
            product=description.product,
            region=description.region,
            resource_id=values.text("ResourceId", cells.get("ResourceId", ""), 512),
            resource_name=values.text("ResourceName", cells.get("ResourceName", ""), 512),
            usage=usage,
            unit=unit,
            size="",
            points="",
            list_cost=cost,
            list_unit_price=values.number("ListUnitPrice", cells.get("ListUnitPrice", ""), 15),
            started_at=start.isoformat(),
            ended_at=end.isoformat(),
            charged_at=(start if once else end).isoformat(),
            extra=_whole_row(self.columns, row),
        )

    def _moments(self, cells: Mapping[str, str]) -> tuple[datetime, datetime]:
        """The charge period; FOCUS times are UTC."""
        start = values.moment("ChargePeriodStart", cells["ChargePeriodStart"], assumes_utc=True)
        end = values.moment("ChargePeriodEnd", cells["ChargePeriodEnd"], assumes_utc=True)
        values.period(start, end)
        if self.shift_months:
            start, end = shifted(start, end, self.shift_months)
            values.period(start, end)
        return start, end

    def _digest(self, row: Sequence[str]) -> bytes:
        """The content of the row, whatever the order of the columns."""
        content = "\x1e".join(f"{self.columns[at]}\x1f{row[at].strip()}" for at in self.order)
        return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def _key(self, cells: Mapping[str, str], digest: bytes) -> str:
        """The provider's number of the row, else its content; each shift has keys of its own."""
        key = f"id:{cells['Id']}" if self.has_id and cells["Id"] else f"row:{digest.hex()}"
        if self.shift_months:
            key += f"@{self.shift_months:+d}"
        return values.required("Id", key, 110)


def is_by_content(key: str) -> bool:
    """Whether a key is made of the content: identical rows of a file are counted then."""
    return key.startswith("row:")


def month_of(cells: Mapping[str, str]) -> BillingCycle:
    """The month (UTC) in which the charge period of a row begins. Raises BadLine."""
    text = cells.get("ChargePeriodStart", "")
    start = values.moment("ChargePeriodStart", text, assumes_utc=True)
    return BillingCycle(start.year, start.month)


def shifted(start: datetime, end: datetime, months: int) -> tuple[datetime, datetime]:
    """A period moved by whole calendar months (UTC). A month stays a month, an hour an hour.

    A day that the other month does not have becomes its last one.
    """
    moved = _moved(start, months)
    is_months = (start.day, start.time()) == (end.day, end.time()) and start != end
    return moved, _moved(end, months) if is_months else moved + (end - start)


def _moved(moment: datetime, months: int) -> datetime:
    cycle = BillingCycle(moment.year, moment.month).plus(months)
    if not 2000 <= cycle.year <= 2199:
        raise BadLine("bad_time", "The shifted period lies outside the years 2000 to 2199.")
    return moment.replace(year=cycle.year, month=cycle.month, day=min(moment.day, cycle.days))


def kind_of(cells: Mapping[str, str]) -> str:
    """The kind of a row. A correction of an earlier period is an adjustment, whatever it corrects."""
    category = cells["ChargeCategory"].lower()
    if category not in _KINDS:
        raise BadLine("unknown_kind", f"ChargeCategory is unknown: “{category[:40]}”.")
    if cells.get("ChargeClass", "").lower() == "correction":
        return "adjustment"
    return _KINDS[category]


class _Names(NamedTuple):
    """What a row says of its product."""

    provider: str
    service: str
    category: str
    resource_type: str
    sku: str
    description: str
    region: str
    region_name: str
    unit: str
    mode: str
    is_spot: bool


def describe(cells: Mapping[str, str]) -> Description:
    """Product, service, resource type, region and unit that the row names, with stable codes."""
    return _describe(
        _Names(
            provider=cells.get("ProviderName", ""),
            service=cells["ServiceName"],
            category=cells.get("ServiceCategory", ""),
            resource_type=cells.get("ResourceType", ""),
            sku=cells.get("SkuPriceId", "") or cells.get("SkuId", ""),
            description=cells.get("ChargeDescription", ""),
            region=cells.get("RegionId", ""),
            region_name=cells.get("RegionName", ""),
            unit=_quantity_unit(cells),
            mode=_mode(cells),
            is_spot=cells.get("PricingCategory", "").lower() == "dynamic",
        )
    )


@lru_cache(maxsize=50_000)
def _describe(row: _Names) -> Description:
    if not row.service:
        raise BadLine("missing", "ServiceName is missing.")
    named = row.sku or row.description
    # Rows of one price that differ in any of these are products of their own.
    identity = (
        row.provider,
        row.service,
        row.resource_type,
        named,
        row.unit,
        row.mode,
        str(row.is_spot),
    )
    is_elsewhere = row.region_name in ("", "External")
    return Description(
        product=f"{_readable(named)[:80]}.{_hash(*identity)}",
        product_name=(row.description or row.sku or row.service)[:200],
        service=_code("focus", row.provider, row.service),
        service_name=row.service[:128],
        category=row.category[:64],
        resource_type=_code("focus", row.provider, row.service, row.resource_type or "other"),
        resource_type_name=(row.resource_type or row.service)[:128],
        usage_type=_readable(row.unit)[:50] or "quantity",
        region=_region_code(row.provider, row.region or row.region_name),
        region_name=(row.region if is_elsewhere else row.region_name)[:128],
        unit=row.unit,
        mode=row.mode,
        is_spot=row.is_spot,
    )


def _region_code(provider: str, region: str) -> str:
    """Regions of other providers may be named as ours are and be elsewhere."""
    if not region:
        return ""
    code = region if "huawei" in provider.lower() else f"{_readable(provider)[:20]}.{region}"
    return code if len(code) <= 64 else f"{code[:50]}.{_hash(code)}"


def _code(*parts: str) -> str:
    """A readable code that stays unique however long or strange the parts are."""
    return f"{'.'.join(_readable(part) for part in parts)[:50].rstrip('.-')}.{_hash(*parts)}"


def _readable(part: str) -> str:
    return _SLUG.sub("-", part.lower()).strip("-")


def _hash(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def _mode(cells: Mapping[str, str]) -> str:
    """The billing mode. Purchases of commitments and what they cover keep theirs."""
    discount = cells.get("CommitmentDiscountType", "").lower()
    if not discount:
        return "usage" if cells["ChargeCategory"].lower() != "purchase" else "period"
    if "savings" in discount:
        return "savings" if cells["ChargeCategory"].lower() == "purchase" else "usage"
    if cells["ChargeCategory"].lower() != "purchase":
        return "usage"
    return "ri_upfront" if cells.get("ChargeFrequency", "").lower() == "one-time" else "ri_hourly"


def _quantity(cells: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """What was priced; where a row does not say it, what was consumed."""
    for quantity in ("PricingQuantity", "ConsumedQuantity"):
        if (found := values.number(quantity, cells.get(quantity, ""), 15)) is not None:
            return found, ""
    return None, ""


def _quantity_unit(cells: Mapping[str, str]) -> str:
    if cells.get("PricingQuantity", ""):
        unit = cells.get("PricingUnit", "")
    else:
        unit = cells.get("ConsumedUnit", "")
    return values.text("PricingUnit", unit, 64)


def _refuse_other_currency(cells: Mapping[str, str]) -> None:
    currency = cells.get("BillingCurrency", "") or "USD"
    if currency != "USD":
        raise BadLine("currency", f"Amounts must be in USD, not in {currency[:10]}.")


def _whole_row(columns: Sequence[str], row: Sequence[str]) -> str:
    """The row as it came, as JSON; what no text can hold is refused."""
    for name, cell in zip(columns, row, strict=True):
        values.text(name, cell, 100_000)
    return json.dumps({"focus": dict(zip(columns, row, strict=True))}, ensure_ascii=False)


def _present(cell: str) -> str:
    stripped = cell.strip()
    return "" if stripped.lower() in _ABSENT else stripped
