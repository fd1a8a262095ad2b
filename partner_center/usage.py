"""The usage bar: what is drawn and said about a budget. The track runs from 0 to 125 percent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from . import money

#: Where the forecast mark stops, so that it stays on the track.
LAST = 124


@dataclass(frozen=True)
class UsageBar:
    """A usage in whole percent, rounded down; all x in percent of the width."""

    percent: int | None
    words: str
    soon: bool = False
    forecast: int | None = None
    used: Decimal | None = None
    budget: Decimal | None = None

    @property
    def tone(self) -> str:
        """accent below 75, amber below 90, high below 100, red from 100."""
        if self.percent is None or self.percent < 75:
            return "accent"
        if self.percent < 90:
            return "amber"
        return "high" if self.percent < 100 else "red"

    @property
    def fill(self) -> str:
        """Width of the filled part."""
        return _x(min(self.percent or 0, 125))

    @property
    def forecast_x(self) -> str:
        """Where the forecast mark stands, clamped so that it stays on the track."""
        return _x(min(self.forecast or 0, LAST))

    @property
    def forecast_reaches(self) -> bool:
        """Whether the forecast at month end reaches the budget."""
        return (self.forecast or 0) >= 100

    @property
    def sentence(self) -> str:
        """The whole bar in words, for those who do not see it."""
        if self.percent is None:
            return "No budget."
        forecast = "" if self.forecast is None else f" Forecast at month end: {self.forecast}%."
        return f"{self.percent}% of the budget used, {self.words}.{forecast}"


def _x(percent: int) -> str:
    """Percent of the budget as percent of the width: 100 stands at 80, the track ends at 125."""
    tenths = percent * 8
    return f"{tenths // 10}.{tenths % 10}%"


def usage_bar(
    used: Decimal,
    budget: Decimal | None,
    *,
    words: str = "",
    soon: bool = False,
    forecast: Decimal | None = None,
) -> UsageBar:
    """What to draw for ``used`` of ``budget``, both in one currency.

    ``forecast``: spend expected at month end. ``words``: what stands at the right; by default the
    forecast. ``soon``: used up within 3 days, so the words are bold. No budget: no bar.
    """
    if budget is None:
        return UsageBar(None, "no budget")
    expected = None if forecast is None else money.percent(forecast, budget)
    if not words and expected is not None:
        words = f"forecast {expected}%"
    return UsageBar(money.percent(used, budget), words, soon, expected, used, budget)
