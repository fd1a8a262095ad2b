"""Discounts that the operator grants partners: commercial ones, and those for KooGallery products.

In effect from 00:00 of the first to 23:59:59 of the last day, GMT+08:00. What has come into effect is
only canceled; nothing begins in a billed cycle, so an issued bill never changes (05-CDC-04, CDC-05).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import audit.services
from accounts.choices import PartnerKind
from catalog.choices import BillingMode, SettlementType
from catalog.models import Product, ServiceType
from metering.services import calendar, statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.money import plain
from partner_center.refusals import NotFound

from ..models import CommercialDiscount, DiscountTerm, MarketplaceDiscount
from ..permissions import OPERATE_TERMS
from ..refusals import (
    EndsBeforeItBegins,
    NotDiscountable,
    OverAlready,
    TermsAreOver,
    TermsBackdated,
    TermsInEffect,
    WrongTerms,
)
from ..rules import terms as rules
from ..rules.terms import Term
from . import parties

_NEXT = "SELECT nextval(pg_get_serial_sequence(%(table)s, 'id'))"


@dataclass(frozen=True)
class Validity:
    """From the first to the last day, both included, GMT+08:00."""

    starts_on: date
    ends_on: date

    def checked(self, moment: datetime) -> Validity:
        """Itself. Keeps cycles from being closed until the transaction ends.

        Raises EndsBeforeItBegins, OverAlready, TermsBackdated.
        """
        if self.ends_on < self.starts_on:
            raise EndsBeforeItBegins
        if self.ends_on < clock.business_date(moment):
            raise OverAlready
        refuse_billed("starts_on", self.starts_on)
        return self

    @property
    def columns(self) -> dict[str, datetime]:
        """The span as it is stored, the end not included."""
        return {
            "starts_at": rules.starts_at(self.starts_on),
            "ends_at": rules.ends_at(self.ends_on),
        }


def refuse_billed(field: str, day: date) -> None:
    """Raise TermsBackdated when the day lies in a cycle that is billed, or before such a one."""
    cycle = str(BillingCycle(day.year, day.month))
    closed = calendar.read().closed
    if closed and cycle <= closed[-1]:
        raise TermsBackdated(field, closed[-1] if cycle not in closed else cycle)


@transaction.atomic(durable=True)
def grant(
    actor: Actor,
    *,
    partner: int,
    customer: int | None,
    validity: Validity,
    terms: Sequence[Term],
    moment: datetime | None = None,
) -> CommercialDiscount:
    """Grant a partner a commercial discount, for all its customers or for one; now, unless told when.

    Raises NotAPayer, NotACustomer, WrongTerms, NotDiscountable and what a validity raises.
    """
    actor.require(OPERATE_TERMS)
    moment = moment or clock.now()
    payer = parties.payer(partner)
    key: int = statements.value(_NEXT, {"table": "billing_commercialdiscount"})
    discount = CommercialDiscount(
        pk=key,
        account=payer,
        number=f"0HEI00{clock.business_date(moment):%y%m}{key:04X}",
        customer_id=parties.customer_of(payer, customer),
        created_at=moment,
        **validity.checked(moment).columns,
    )
    rows = _rows(discount, terms)
    discount.save(force_insert=True)
    DiscountTerm.objects.bulk_create(rows)
    _record(actor, "granted", discount, after=_facts(discount, rows))
    return discount


@transaction.atomic(durable=True)
def change(
    actor: Actor, discount_id: int, *, validity: Validity, terms: Sequence[Term]
) -> CommercialDiscount:
    """Change a discount that has not come into effect; its partner and customer stay.

    Raises NotFound, TermsInEffect, WrongTerms, NotDiscountable and what a validity raises.
    """
    actor.require(OPERATE_TERMS)
    moment = clock.now()
    discount = _locked(CommercialDiscount, discount_id)
    if discount.starts_at <= moment or discount.canceled_at:
        raise TermsInEffect
    before = _facts(discount, discount.terms.order_by("pk"))
    for name, value in validity.checked(moment).columns.items():
        setattr(discount, name, value)
    rows = _rows(discount, terms)
    discount.save(update_fields=["starts_at", "ends_at"])
    discount.terms.all().delete()
    DiscountTerm.objects.bulk_create(rows)
    _record(actor, "changed", discount, before=before, after=_facts(discount, rows))
    return discount


@transaction.atomic(durable=True)
def cancel(actor: Actor, discount_id: int, *, reason: str) -> None:
    """End a commercial discount now. Raises NotFound, TermsAreOver."""
    actor.require(OPERATE_TERMS)
    _cancel(actor, _locked(CommercialDiscount, discount_id), reason)


@transaction.atomic(durable=True)
def grant_marketplace(
    actor: Actor,
    *,
    partner: int,
    seller: str,
    product: Product,
    percent: Decimal,
    validity: Validity,
    moment: datetime | None = None,
) -> MarketplaceDiscount:
    """Enter what a KooGallery seller authorizes a provider for one product (05-KGR-06).

    ``moment``: when, None: now. Raises NotAPayer, NotDiscountable and what a validity raises.
    """
    actor.require(OPERATE_TERMS)
    moment = moment or clock.now()
    payer = parties.payer(partner, (PartnerKind.CSP,))
    if not product.service_type.is_marketplace:
        raise NotDiscountable(_("This is no KooGallery product."), "product")
    key: int = statements.value(_NEXT, {"table": "billing_marketplacediscount"})
    discount = MarketplaceDiscount(
        pk=key,
        account=payer,
        number=f"KGD{clock.business_date(moment):%y%m}{key:06d}",
        seller=seller,
        product=product,
        percent=percent,
        **validity.checked(moment).columns,
    )
    discount.save(force_insert=True)
    _record(
        actor,
        "granted",
        discount,
        after={**_span(discount), "product": product.code, "percent": plain(percent)},
    )
    return discount


@transaction.atomic(durable=True)
def cancel_marketplace(actor: Actor, discount_id: int, *, reason: str) -> None:
    """End a discount for a KooGallery product now. Raises NotFound, TermsAreOver."""
    actor.require(OPERATE_TERMS)
    _cancel(actor, _locked(MarketplaceDiscount, discount_id), reason)


def _locked(model: Any, key: int) -> Any:
    row = model.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def _cancel(actor: Actor, discount: Any, reason: str) -> None:
    moment = clock.now()
    if discount.canceled_at or discount.ends_at <= moment:
        raise TermsAreOver
    before = _span(discount)
    discount.canceled_at = moment
    discount.ends_at = max(moment, discount.starts_at)
    discount.save(update_fields=["canceled_at", "ends_at"])
    _record(actor, "canceled", discount, before=before, after={"reason": reason})


def _rows(discount: CommercialDiscount, terms: Sequence[Term]) -> list[DiscountTerm]:
    if not terms:
        raise WrongTerms(_("State at least one term."))
    return [_row(discount, term) for term in terms]


def _row(discount: CommercialDiscount, term: Term) -> DiscountTerm:
    """The term as it is stored. Raises WrongTerms, NotDiscountable."""
    row = DiscountTerm(discount=discount, percent=term.percent, unit_price=term.unit_price)
    if term.scope == rules.SERVICE:
        row.service_type = _found(ServiceType, term)
        if row.service_type.is_marketplace:
            raise NotDiscountable(_marketplace(term))
    elif term.scope == rules.PRODUCT:
        row.product = _found(Product, term)
        _refuse_product(row.product, term)
    return row


def _refuse_product(product: Product, term: Term) -> None:
    if product.service_type.is_marketplace:
        raise NotDiscountable(_marketplace(term))
    if product.settlement == SettlementType.NO_DISCOUNT:
        raise NotDiscountable(_("%(code)s is a no-discount product.") % {"code": term.code})
    if term.unit_price is not None and product.mode != BillingMode.PAY_PER_USE:
        raise NotDiscountable(
            _("%(code)s is not billed by use: only such products have a fixed unit price.")
            % {"code": term.code}
        )


def _marketplace(term: Term) -> str:
    words = _("%(code)s is of the Marketplace: its discounts are entered as KooGallery discounts.")
    return words % {"code": term.code}


def _found(model: Any, term: Term) -> Any:
    found = model.objects.filter(code=term.code).first()
    if found is None:
        raise WrongTerms(
            _("There is no %(what)s “%(code)s”.") % {"what": term.scope, "code": term.code}
        )
    return found


def words_of(discount: CommercialDiscount) -> str:
    """The terms of a discount as the operator writes them, one a line."""
    rows = discount.terms.select_related("product", "service_type").order_by("pk")
    return "\n".join(str(_term(row)) for row in rows)


def _term(row: DiscountTerm) -> Term:
    percent = Decimal(plain(row.percent)) if row.percent is not None else None
    price = Decimal(plain(row.unit_price)) if row.unit_price is not None else None
    if row.product:
        return Term(rules.PRODUCT, row.product.code, percent, price)
    if row.service_type:
        return Term(rules.SERVICE, row.service_type.code, percent)
    return Term(rules.ALL, "", percent)


def _span(discount: Any) -> dict[str, str]:
    return {
        "starts_at": discount.starts_at.isoformat(),
        "ends_at": discount.ends_at.isoformat(),
    }


def _facts(discount: CommercialDiscount, rows: Any) -> dict[str, Any]:
    customer = discount.customer.name if discount.customer else ""
    return {**_span(discount), "customer": customer, "terms": [str(_term(row)) for row in rows]}


def _record(actor: Actor, done: str, discount: Any, **values: Any) -> None:
    name = "commercial" if isinstance(discount, CommercialDiscount) else "marketplace"
    audit.services.record(
        actor, f"billing.{name}_discount.{done}", discount, account_id=discount.account_id, **values
    )
