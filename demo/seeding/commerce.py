"""What the demo's partners pay: discounts, taxes, exchange rates, coupons.

All of it is older than the first bill, so that no bill was issued under other terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Account
from billing.choices import CouponSource, TaxKind
from billing.models import CommercialDiscount, ExchangeRate, MarketplaceDiscount, TaxRule
from billing.rules.terms import read_terms, starts_at
from billing.services import coupons, rates, terms
from billing.services.terms import Validity
from catalog.models import Product
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor

from . import months

#: Partner, customer or nobody, the terms as the operator writes them.
DISCOUNTS = (
    (
        "tidemark-cloud",
        "",
        "all: 20%\nservice hws.service.type.ebs: 30%\nproduct 00301-30005-0--0: 0.085",
    ),
    ("tidemark-cloud", "harborline-logistics", "all: 26%"),
    ("northgate-systems", "", "all: 15%"),
    ("meridian-distribution", "", "all: 28%"),
)
#: Partner, seller, product, percent off.
KOOGALLERY = ("tidemark-cloud", "Basalt Software", "00301-56000-0--0", Decimal(12))
#: Country, tax, percent.
TAXES = (
    ("PH", TaxKind.VAT, Decimal(12)),
    ("PH", TaxKind.WHT, Decimal(2)),
    ("DE", TaxKind.VAT, Decimal(19)),
    ("AE", TaxKind.VAT, Decimal(5)),
)
#: What one USD is: from before the first bill on, and from the first day of last month on.
RATES = (
    ("PHP", "57.852", "58.417"),
    ("EUR", "0.8612", "0.8587"),
    ("AED", "3.6725", "3.6725"),
    ("HKD", "7.7835", "7.7918"),
    ("SGD", "1.2945", "1.2988"),
)
#: The terms go on for so long.
YEARS = 2


@dataclass(frozen=True)
class Gift:
    """A coupon: for whom, how much (USD), valid since the first day so many months ago."""

    partner: str
    name: str
    source: CouponSource
    value: int
    since: int
    customer: str = ""


COUPONS = (
    Gift("tidemark-cloud", "Partner program, basic benefit", CouponSource.BENEFIT, 150, 3),
    Gift(
        "tidemark-cloud",
        "Harborline moves in",
        CouponSource.EARNINGS,
        2500,
        3,
        customer="harborline-logistics",
    ),
    Gift(
        "tidemark-cloud",
        "PoC of the booking engine",
        CouponSource.POC,
        400,
        1,
        customer="coral-bay-hotels",
    ),
    Gift("meridian-distribution", "Partner program, basic benefit", CouponSource.BENEFIT, 300, 3),
)


def seed(operator: Actor) -> None:
    """Enter what is not there yet, for those partners and customers that are there."""
    now = clock.now()
    begins = clock.business_date(months.unbilled(now).start)
    ends = begins.replace(year=begins.year + YEARS) - timedelta(days=1)
    always = Validity(begins, ends)
    _enter_taxes(operator, begins)
    _enter_rates(operator, begins, months.first_day(now, 1))
    _grant(operator, always, starts_at(begins))
    _authorize(operator, always, starts_at(begins))
    for gift in COUPONS:
        _issue(operator, gift, now)


def _partners() -> dict[str, Account]:
    return {account.name: account for account in Account.objects.exclude(partner_kind="")}


def _enter_taxes(operator: Actor, begins: date) -> None:
    for country, kind, percent in TAXES:
        if not TaxRule.objects.filter(country=country, kind=kind).exists():
            rates.add_tax(
                operator, country=country, state="", kind=kind, percent=percent, valid_from=begins
            )


def _enter_rates(operator: Actor, *days: date) -> None:
    for currency, *values in RATES:
        for day, rate in zip(days, values, strict=True):
            if not ExchangeRate.objects.filter(currency=currency, valid_from=day).exists():
                rates.add_rate(operator, currency=currency, rate=Decimal(rate), valid_from=day)


def _grant(operator: Actor, validity: Validity, moment: datetime) -> None:
    for partner, customer, words in _present(DISCOUNTS):
        found = CommercialDiscount.objects.filter(account=partner, customer=customer)
        if not found.exists():
            terms.grant(
                operator,
                partner=partner,
                customer=customer,
                validity=validity,
                terms=read_terms(words),
                moment=moment,
            )


def _present(
    rows: tuple[tuple[str, str, str], ...],
) -> Iterator[tuple[int, int | None, str]]:
    """The rows whose partner is there, and whose customer works with it."""
    partners = _partners()
    for partner, customer, words in rows:
        found = customer_of(customer)
        if partner in partners and (found or not customer):
            yield partners[partner].pk, found, words


def customer_of(name: str) -> int | None:
    """Key of a customer that works with a partner; None without a name, or where it is not there."""
    live = Association.objects.live().filter(customer__name=name)
    return live.values_list("customer", flat=True).first()


def _authorize(operator: Actor, validity: Validity, moment: datetime) -> None:
    name, seller, code, percent = KOOGALLERY
    partner, product = _partners().get(name), Product.objects.filter(code=code).first()
    if partner is None or product is None:
        return
    if not MarketplaceDiscount.objects.filter(account=partner, product=product).exists():
        terms.grant_marketplace(
            operator,
            partner=partner.pk,
            seller=seller,
            product=product,
            percent=percent,
            validity=validity,
            moment=moment,
        )


def _issue(operator: Actor, gift: Gift, now: datetime) -> None:
    partner, customer = _partners().get(gift.partner), customer_of(gift.customer)
    if partner is None or (gift.customer and customer is None):
        return
    first = months.first_day(now, gift.since)
    wish = coupons.Wish(
        name=gift.name,
        source=gift.source,
        face_value=Decimal(gift.value),
        validity=Validity(first, clock.business_date(now) + timedelta(days=120)),
        customer=customer,
    )
    # Issued once, whatever was killed in between: the request is named after the coupon.
    key = uuid5(NAMESPACE_URL, f"demo coupon {gift.partner} {gift.name}")
    coupons.issue(operator, partner=partner.pk, wish=wish, request_id=key, moment=starts_at(first))
