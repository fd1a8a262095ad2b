"""How a bill and its lines came about, in figures: pure. All amounts in USD, exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT, POINTS_A_DAY
from metering.rules import explaining as charges
from metering.rules.explaining import Facts, Step, plain
from metering.rules.sums import exact_sum
from partner_center import money

from ..choices import Settlement, TaxKind
from . import taxes as tax_rules

#: Billing cycles before these cut, or round, each record of long-term use (05-BIL-06, BIL-07).
CUTS_BEFORE, ROUNDS_BEFORE = "2021-06", "2021-08"
_LONG_TERM = (BillingMode.PAY_PER_USE, BillingMode.RESERVED_HOURLY, BillingMode.SAVINGS_PLAN)
Taxes = Sequence[tuple[TaxKind, Decimal]]


@dataclass(frozen=True)
class Terms:
    """What settled a line: percent off, or a fixed price of the pricing unit, or neither."""

    settlement: str
    percent: Decimal | None
    unit_price: Decimal | None

    @property
    def kind(self) -> str:
        """``Common product``."""
        return str(Settlement(self.settlement).label)

    @property
    def discount(self) -> str:
        """``25%``, or the fixed price of a pricing unit; empty where there is neither."""
        if self.unit_price is not None:
            return money.number(self.unit_price)
        return "" if self.percent is None else f"{money.plain(self.percent)}%"

    @property
    def words(self) -> str:
        """``Settlement discount 25%, Common product``."""
        words = {"discount": self.discount, "kind": self.kind}
        if self.unit_price is not None:
            return _("Fixed unit price %(discount)s, %(kind)s") % words
        if self.percent is None:
            return _("Without discount, %(kind)s") % words
        return _("Settlement discount %(discount)s, %(kind)s") % words


@dataclass(frozen=True)
class Settled:
    """One line: what its charge came to, its terms, and what became of it.

    ``coupons`` are named, negative where they went back; ``taxes`` are those of its transaction time,
    absent where the bill is not issued.
    """

    facts: Facts
    terms: Terms
    cycle: str
    mode: str
    is_order: bool
    settled: Decimal
    coupons_total: Decimal
    tax: Decimal
    is_issued: bool
    coupons: Sequence[tuple[str, Decimal]] = ()
    taxes: Taxes = ()

    @property
    def list_amount(self) -> Decimal:
        """What the customer's usage or order costs at list price."""
        return self.facts.list_amount

    @property
    def discount(self) -> Decimal:
        """What the terms took off; negative where a fixed price lies above the list price."""
        return EXACT.subtract(self.list_amount, self.settled)

    @property
    def before_tax(self) -> Decimal:
        """Amount due exclusive of tax."""
        return EXACT.subtract(self.settled, self.coupons_total)

    @property
    def due(self) -> Decimal:
        """Amount due."""
        return EXACT.add(self.before_tax, self.tax)


def of_line(line: Settled) -> list[Step]:
    """The computation from the metered usage, or the order, to the amount due."""
    steps = charges.explain(replace(line.facts, discount_percent=0, discount_amount=Decimal(0)))
    steps += _settlement(line)
    steps.append(Step(_("Settlement amount (USD)"), money.number(line.settled), True))
    if not line.is_issued:
        return steps
    steps += [
        Step(_("Coupon %(name)s") % {"name": name}, money.number(amount.copy_negate()))
        for name, amount in line.coupons
    ]
    before = money.number(line.before_tax)
    steps.append(Step(_("Amount due exclusive of tax (USD)"), before, True))
    steps += _taxes(line.before_tax, line.taxes)
    steps.append(Step(_("Amount due (USD)"), money.number(line.due), True))
    return steps


def of_terms(list_amount: Decimal, parts: Iterable[tuple[str, Decimal]]) -> list[Step]:
    """The computation of a sum: its list amount less what each of its terms took off."""
    steps = [Step(_("Customer expenditure at list prices"), money.number(list_amount))]
    settled = list_amount
    for words, discount in parts:
        settled = EXACT.subtract(settled, discount)
        if discount:
            steps.append(Step(words, money.number(discount.copy_negate())))
    steps.append(Step(_("Settlement amount (USD)"), money.number(settled), True))
    return steps


def _settlement(line: Settled) -> list[Step]:
    """The step from the list amount to the settlement, with the precision of old cycles."""
    terms, raw = line.terms, line.list_amount
    if terms.unit_price is not None:
        steps = [Step(terms.words, _fixed(line))]
    else:
        if terms.percent:
            raw = EXACT.subtract(raw, tax_rules.amount(raw, terms.percent))
        steps = [Step(terms.words, money.number(EXACT.subtract(raw, line.list_amount)))]
    if line.is_order or line.mode not in _LONG_TERM or line.cycle >= ROUNDS_BEFORE:
        return steps
    cut = line.cycle < CUTS_BEFORE
    words = _("Cut to 2 decimals, as before 2021-06") if cut else _("Rounded to 2 decimals")
    return [*steps, Step(words, money.number(line.settled))]


def _fixed(line: Settled) -> str:
    """``0.05 × 24 Hour × 40 GB × 15/30``."""
    facts = line.facts
    factors = [money.number(line.terms.unit_price or Decimal(0))]
    factors.append(f"{plain(charges.charged(facts))} {facts.pricing_unit}".strip())
    if facts.size is not None:
        factors.append(f"{facts.size} {facts.size_unit}".strip())
    if facts.points is not None and facts.days:
        factors.append(f"{facts.points}/{POINTS_A_DAY * facts.days}")
    return f"{' × '.join(factors)} = {money.number(line.settled)}"


def _taxes(base: Decimal, taxes: Taxes) -> list[Step]:
    """What each tax adds; what is withheld is taken from the payment of the bill, not from a line."""
    return [
        Step(
            tax_words(kind, percent),
            f"{money.number(base)} × {money.plain(percent)}% = "
            f"{money.number(tax_rules.amount(base, percent))}",
        )
        for kind, percent in taxes
        if kind != TaxKind.WHT
    ]


def tax_words(kind: str, percent: Decimal) -> str:
    """``VAT 12%``."""
    return f"{TaxKind(kind).label} {money.plain(percent)}%"


@dataclass(frozen=True)
class Total:
    """The figures of an issued bill; ``taxes`` with kind, percent, base and amount."""

    expenditures: Decimal
    refunds: Decimal
    adjustments: Decimal
    has_adjustments: bool
    coupons: Decimal
    taxes: Sequence[tuple[str, Decimal, Decimal, Decimal]]
    exact_total: Decimal
    total: Decimal
    withheld: Decimal
    credit_used: Decimal
    amount_due: Decimal

    @property
    def settlement(self) -> Decimal:
        """The settlement amount of all lines."""
        return exact_sum([self.expenditures, self.refunds, self.adjustments])


def of_bill(bill: Total) -> list[Step]:
    """Settlement − coupons + tax = total; − withheld − credit = amount due (05-BIL-04, BIL-08)."""
    steps = [
        Step(_("Expenditures"), money.number(bill.expenditures)),
        Step(_("Refunds"), money.number(bill.refunds)),
    ]
    if bill.has_adjustments:
        steps.append(Step(_("Adjustments"), money.number(bill.adjustments)))
    steps += [
        Step(_("Settlement amount"), money.number(bill.settlement), True),
        Step(_("Coupons used"), money.number(bill.coupons.copy_negate())),
        *_bill_taxes(bill),
        Step(_("Exact total"), money.number(bill.exact_total), True),
        Step(_("Bill total, rounded once, half up"), money.number(bill.total), True),
        *_reductions(bill),
        Step(_("Amount Due (USD)"), money.number(bill.amount_due), True),
    ]
    return steps


def _bill_taxes(bill: Total) -> list[Step]:
    found = [
        Step(
            tax_words(kind, percent),
            f"{money.number(base)} × {money.plain(percent)}% = {money.number(amount)}",
        )
        for kind, percent, base, amount in bill.taxes
        if kind != TaxKind.WHT
    ]
    return found or [Step(_("Tax"), money.number(Decimal(0)))]


def _reductions(bill: Total) -> list[Step]:
    """What makes less due than the bill comes to; a negative bill asks for nothing."""
    found = []
    if bill.withheld:
        rates = ", ".join(tax_words(k, p) for k, p, _b, _a in bill.taxes if k == TaxKind.WHT)
        label = _("Withheld by you (%(rates)s)") % {"rates": rates}
        found.append(Step(label, money.number(-bill.withheld)))
    if bill.credit_used:
        found.append(Step(_("Credit of earlier bills"), money.number(-bill.credit_used)))
    if bill.total < 0:
        found.append(Step(_("Carried to the next bill as credit"), money.number(-bill.total)))
    return found
