"""How an amount came about, in words: from the columns of one charge and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.rules.pricing import EXACT, POINTS_A_DAY
from partner_center import money


@dataclass(frozen=True)
class Facts:
    """The columns of one charge that its amount was made from; amounts in USD.

    ``usage`` is what was charged, in ``usage_unit``; packages and commitments covered the rest.
    Pricing quantities are in ``pricing_unit``, truncated to 10 decimals; the total includes what was
    covered.
    """

    list_amount: Decimal
    discount_percent: int
    discount_amount: Decimal
    usage: Decimal | None = None
    package_usage: Decimal | None = None
    reserved_usage: Decimal | None = None
    savings_usage: Decimal | None = None
    usage_unit: str = ""
    pricing_total: Decimal | None = None
    pricing_package: Decimal | None = None
    pricing_reserved: Decimal | None = None
    pricing_savings: Decimal | None = None
    pricing_unit: str = ""
    conversion_factor: Decimal | None = None
    size: int | None = None
    size_unit: str = ""
    #: 95th-percentile bandwidth: measurement points, and days of the month that they count in.
    points: int | None = None
    days: int = 0
    unit_price: Decimal | None = None
    period: str = ""
    period_count: int | None = None
    quantity: int | None = None
    is_refund: bool = False


@dataclass(frozen=True)
class Step:
    """One line of the computation: a label, what stands at its right, and whether it is a result."""

    label: str
    value: str
    is_result: bool = False


def explain(facts: Facts) -> list[Step]:
    """The computation from the record to the amount due, step by step (exact figures)."""
    steps = _of_usage(facts) if facts.pricing_total is not None else _of_order(facts)
    steps.append(Step(_("Amount at list price (USD)"), money.number(facts.list_amount), True))
    if facts.discount_amount:
        percent = f" {facts.discount_percent}%" if facts.discount_percent else ""
        label = _("Discount%(percent)s (USD)") % {"percent": percent}
        steps.append(Step(label, money.number(facts.discount_amount.copy_negate())))
        due = EXACT.subtract(facts.list_amount, facts.discount_amount)
        steps.append(Step(_("Amount due (USD)"), money.number(due), True))
    return steps


def formula(facts: Facts) -> str:
    """The computation in one line: ``2.5 Hour × 0.10 = 0.25`` (API B.31)."""
    if facts.pricing_total is None:
        factors = _order_factors(facts)
    else:
        factors = [f"{plain(charged(facts))} {facts.pricing_unit}".strip(), *_valid_days(facts)]
        if facts.size is not None:
            factors.append(_size(facts))
        if facts.unit_price is None:
            return f"{' × '.join(factors)} at tiered prices = {money.number(facts.list_amount)}"
        factors.append(money.number(facts.unit_price))
    left = " × ".join(factors)
    return f"{left} = {money.number(facts.list_amount)}" if left else ""


def charged(facts: Facts) -> Decimal:
    """Pricing units that are paid for: the total less what packages and commitments covered."""
    left = facts.pricing_total or Decimal(0)
    for covered in (facts.pricing_package, facts.pricing_reserved, facts.pricing_savings):
        left = EXACT.subtract(left, covered or Decimal(0))
    return left


def plain(value: Decimal) -> str:
    """A quantity without trailing zeros, exact: ``1,234.5``."""
    text = f"{value:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _of_usage(facts: Facts) -> list[Step]:
    metered = Decimal(0)
    for part in (facts.usage, facts.package_usage, facts.reserved_usage, facts.savings_usage):
        metered = EXACT.add(metered, part or Decimal(0))
    steps = [Step(_("Metered usage"), f"{plain(metered)} {facts.usage_unit}".strip())]
    factor = facts.conversion_factor
    if factor is not None and factor != 1:
        words = f"÷ {plain(factor)} = {plain(facts.pricing_total or Decimal(0))}"
        steps.append(
            Step(_("In the pricing unit, cut after 10 decimals"), f"{words} {facts.pricing_unit}")
        )
    covered = (
        (_("Covered by resource packages"), facts.pricing_package),
        (_("Covered by reserved instances"), facts.pricing_reserved),
        (_("Covered by savings plans"), facts.pricing_savings),
    )
    steps += [
        Step(label, f"− {plain(value)} {facts.pricing_unit}".strip())
        for label, value in covered
        if value
    ]
    steps.append(Step(_("Charged usage"), f"{plain(charged(facts))} {facts.pricing_unit}".strip()))
    if facts.size is not None:
        steps.append(Step(_("Size"), f"× {_size(facts)}"))
    steps += [Step(_("Usage days ÷ total"), f"× {share}") for share in _valid_days(facts)]
    steps.append(_price_step(facts))
    return steps


def _valid_days(facts: Facts) -> list[str]:
    """``15/30``, where the amount depends on it."""
    if facts.points is None or not facts.days:
        return []
    days, rest = divmod(facts.points, POINTS_A_DAY)
    return [f"{days}/{facts.days}" if not rest else f"{facts.points}/{POINTS_A_DAY * facts.days}"]


def _price_step(facts: Facts) -> Step:
    if facts.unit_price is None:
        return Step(_("List price"), _("each part of the month’s usage at the price of its tier"))
    return Step(_("List price (USD)"), f"× {money.number(facts.unit_price)}")


def _of_order(facts: Facts) -> list[Step]:
    """The terms of the order; factors of its price only where the charge knows the price."""
    has_price = facts.unit_price is not None
    times = "× " if has_price else ""
    labels: tuple[tuple[str, bool, Callable[[], str]], ...] = (
        (_("List price (USD)"), has_price, lambda: _price(facts)),
        (_("Terms"), facts.period_count is not None, lambda: f"{times}{_terms(facts)}"),
        (_("Size"), facts.size is not None, lambda: f"{times}{_size(facts)}"),
        (_("Quantity"), facts.quantity is not None, lambda: f"{times}{facts.quantity}"),
    )
    steps = [Step(label, words()) for label, is_there, words in labels if is_there]
    if facts.is_refund:
        steps.insert(0, Step(_("Refund"), _("returned for the unused part of what was paid")))
    return steps


def _order_factors(facts: Facts) -> list[str]:
    if facts.unit_price is None or facts.is_refund:
        return []
    found = [_price(facts)]
    if facts.period_count is not None:
        found.append(_terms(facts))
    if facts.size is not None:
        found.append(_size(facts))
    if facts.quantity is not None:
        found.append(str(facts.quantity))
    return found


def _price(facts: Facts) -> str:
    return money.number(facts.unit_price if facts.unit_price is not None else Decimal(0))


def _terms(facts: Facts) -> str:
    return f"{facts.period_count} {facts.period}".strip()


def _size(facts: Facts) -> str:
    return f"{facts.size} {facts.size_unit}".strip()
