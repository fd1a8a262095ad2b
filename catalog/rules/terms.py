"""For which terms, sizes and quantities something is sold: pure functions over plain values."""

from __future__ import annotations

from ..choices import BillingMode, Period

#: How many periods one purchase or renewal may cover (docs/api/bss-api.md B.49).
_COUNTS: dict[str, range] = {
    Period.HOUR: range(1, 25),
    Period.DAY: range(1, 31),
    Period.MONTH: range(1, 12),
    Period.YEAR: range(1, 4),
    Period.ONE_TIME: range(1, 2),
}
#: Products that are paid for a whole term of fixed length.
FIXED_TERM_MODES = frozenset(
    {BillingMode.RESERVED_UPFRONT, BillingMode.RESERVED_HOURLY, BillingMode.SAVINGS_PLAN}
)
#: One order line takes no more than this.
MOST_PIECES = 1000


def period_counts(period: str, term_months: int | None = None) -> tuple[int, ...]:
    """How many periods may be bought at once; of a fixed term its years, or its months if uneven."""
    if term_months is not None:
        years, rest = divmod(term_months, 12)
        unit, count = (Period.MONTH, term_months) if rest else (Period.YEAR, years)
        return (count,) if period == unit else ()
    return tuple(_COUNTS.get(period, ()))


def fits(size: int, *, least: int, most: int, step: int) -> bool:
    """Whether a linear size is within its range and on one of its steps, counted from the least."""
    return least <= size <= most and (size - least) % step == 0
