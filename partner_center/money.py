"""Money: exact decimals in, exact words out. The only place that formats amounts.

Amounts are :class:`~decimal.Decimal` everywhere; a float is refused. Nothing here rounds, but
:func:`round_due`, which is for the amount due of a bill only (05 conventions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

MINUS = "\N{MINUS SIGN}"
_WIDE = Context(prec=80)
CENT = Decimal("0.01")
ZERO = Decimal(0)
#: Signs that stand before the number; other currencies stand behind it by their code only.
SIGNS = {"USD": "$"}
#: Currencies without a minor unit; all others have two decimals (05-BQY-18, TXL-02).
WITHOUT_MINOR = frozenset({"CLP", "JPY", "KRW", "VND", "IDR"})
#: Decimals that a column of amounts leaves room for unless it says otherwise.
COLUMN_PLACES = 8


@dataclass(frozen=True)
class MoneyParts:
    """An amount, cut where its look changes: ``−`` ``1,799`` ``.99`` ``98125``."""

    sign: str
    whole: str
    cents: str  # the point and two decimals
    tail: str  # decimals from the third on, without trailing zeros

    @property
    def number(self) -> str:
        """Everything but the sign."""
        return f"{self.whole}{self.cents}{self.tail}"

    def pad(self, places: int) -> str:
        """Zeros that are missing to ``places`` decimals: ghosts that align the points."""
        return "0" * (places - 2 - len(self.tail))


def exact(value: Decimal | int | str) -> Decimal:
    """The value as Decimal. Raises TypeError for a float, which cannot hold money."""
    if isinstance(value, float):
        raise TypeError("A float cannot hold money; use Decimal")
    return Decimal(value)


def split(amount: Decimal | int | str) -> MoneyParts:
    """Cut an amount into its parts, exactly: no decimal is dropped but trailing zeros."""
    value = exact(amount)  # copy_abs below: abs() would round to 28 digits
    whole, _, decimals = f"{value.copy_abs():f}".partition(".")
    decimals = decimals.rstrip("0").ljust(2, "0")
    return MoneyParts(
        sign=MINUS if value < 0 else "",
        whole=f"{int(whole):,}",
        cents=f".{decimals[:2]}",
        tail=decimals[2:],
    )


def split_in(amount: Decimal | int | str, currency: str) -> MoneyParts:
    """The same in a currency: whole amounts of one without a minor unit have no decimals."""
    parts = split(amount)
    is_whole = parts.cents == ".00" and not parts.tail
    return replace(parts, cents="") if is_whole and currency in WITHOUT_MINOR else parts


def places_of(amounts: Iterable[Decimal]) -> int:
    """The most decimals that any of them has, without trailing zeros; at least 2.

    What a column of exact amounts leaves room for, so that its points meet.
    """
    return max([2, *(2 + len(split(amount).tail) for amount in amounts)])


def number(amount: Decimal | int | str) -> str:
    """``−1,799.9998125``: for cells whose head names the currency."""
    parts = split(amount)
    return f"{parts.sign}{parts.number}"


def words(amount: Decimal | int | str, currency: str = "USD") -> str:
    """``−$1,799.9998125 USD``: for text outside tables."""
    parts = split_in(amount, currency)
    return f"{parts.sign}{SIGNS.get(currency, '')}{parts.number} {currency}"


def plain(value: Decimal) -> str:
    """``1799.9998125``: any decimal without separators, exponent or trailing zeros.

    For files, fields and the operator's pages, where quantities stand beside amounts.
    """
    text = format(exact(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_due(amount: Decimal) -> Decimal:
    """The amount due of a bill: rounded once, half up, to 2 decimals."""
    return exact(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def to_places(amount: Decimal, places: int) -> Decimal:
    """The amount as a page prints it that shows so many decimals at most: half up, zeros kept.

    For showing only (04 D-30); sums are made of exact amounts.
    """
    step = Decimal(1).scaleb(-places)
    return exact(amount).quantize(step, rounding=ROUND_HALF_UP, context=_WIDE)


def cut(amount: Decimal, places: int) -> Decimal:
    """The amount without the decimals after so many: for what must not look larger than it is, as a
    use beside its percent that is rounded down too (04-BFM-03)."""
    step = Decimal(1).scaleb(-places)
    return exact(amount).quantize(step, rounding=ROUND_DOWN, context=_WIDE)


def percent(used: Decimal, limit: Decimal) -> int:
    """Used of the limit in whole percent, rounded down, so that 100 means used up.

    A limit of zero is used up by anything: 100.
    """
    if limit <= 0:
        return 100
    return int(used * 100 // limit)
