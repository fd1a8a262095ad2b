"""The lines of a cycle, as they are billed or as they would be now (05-BDT-01, BFD-04, BFD-05).

Both sources have the columns of a settlement and know their charge. Lists of millions are counted from
sums wherever the filters allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Sum, Value

from accounts.choices import PartnerKind
from accounts.models import Account
from catalog.models import ResourceSpec, ServiceType
from customers.choices import AssociationModel
from metering.choices import BillType
from metering.models import Charge, MonthlySpend
from partner_center.actors import Actor
from resellers.models import ResellerAssociation

from ..choices import Settlement
from ..models import Bill, BillLine, BillPart, BillSum, CommercialDiscount, SettledCharge
from ..permissions import VIEW_BILLS
from . import reach

#: A list that only its lines can count is counted and shown up to here.
MOST_COUNTED = 100_000


@dataclass(frozen=True)
class Book:
    """One cycle of the actor's own lines; ``bill`` is absent while it is not issued."""

    actor: Actor
    cycle: str
    bill: Bill | None

    @property
    def lines(self) -> QuerySet:
        """The lines, in no order."""
        if self.bill is not None:
            return BillLine.objects.filter(bill=self.bill, cycle=self.cycle)
        # By name of those whom customers are associated with: charges have an index by them alone.
        return SettledCharge.objects.filter(
            cycle=self.cycle, payer=self.actor.account_id, partner__in=_partners(self.actor)
        )

    @property
    def parts(self) -> QuerySet:
        """The lines split into charge, coupons and tax; an open cycle has charges only."""
        if self.bill is not None:
            return BillPart.objects.filter(bill=self.bill, cycle=self.cycle)
        word = Value("charge", output_field=CharField())
        return self.lines.annotate(part=word, billed=F("settled"))

    def count(self, conditions: Q) -> int:
        """How many lines match conditions on customer, service type, modes and types: from sums."""
        if self.bill is not None:
            sums: QuerySet = BillSum.objects.filter(bill=self.bill)
            return sums.filter(conditions).aggregate(n=Sum("lines", default=0))["n"]
        return self._spend.filter(conditions).aggregate(n=Sum("charges", default=0))["n"]

    def of_trade(self, text: str) -> Q:
        """Condition: the line of this order or transaction ID (05-BFD column 20).

        The numbers of an order's lines are found first, without settling anything.
        """
        if text.isascii() and text.isdecimal() and len(text) < 19:
            return Q(pk=int(text), charge__order_no="")
        charges = Charge.objects.filter(
            cycle=self.cycle, partner__in=_partners(self.actor), order_no=text
        )
        return Q(pk__in=list(charges.values_list("pk", flat=True)))

    def of_settlement(self, value: str) -> Q:
        """Condition: settled under these terms.

        Terms of an open cycle are computed: what cannot be under them is left out before that.
        """
        found = Q(settlement=value)
        if self.bill is not None:
            return found
        if value == Settlement.SPECIAL:
            discounts = CommercialDiscount.objects.visible_to(self.actor).exclude(customer=None)
            return found & Q(customer__in=list(discounts.values_list("customer", flat=True)))
        goods = self._spend.filter(product__settlement=value).values_list("product", flat=True)
        possible = Q(product__in=list(goods.distinct()))
        if value == Settlement.NO_DISCOUNT:
            possible |= Q(bill_type=BillType.ADJUSTMENT)
        return found & possible

    @property
    def _spend(self) -> QuerySet[MonthlySpend]:
        """The sums of the cycle's charges that the actor pays."""
        return MonthlySpend.objects.filter(
            _paid_by(self.actor),
            cycle=self.cycle,
            model=AssociationModel.RESELLER,
            partner__in=_partners(self.actor),
        )


def get_book(actor: Actor, cycle: str) -> Book:
    """The actor's own lines of a cycle (YYYY-MM). Raises NoFinancialInformation for a reseller."""
    reach.require(actor, VIEW_BILLS)
    return Book(actor, cycle, Bill.objects.visible_to(actor).filter(cycle=cycle).first())


def list_lines(actor: Actor, cycle: str = "") -> QuerySet:
    """The lines of one cycle; none without a cycle."""
    return get_book(actor, cycle).lines


def of_customer(text: str) -> Q:
    """Condition: the customer's ID, or a part of its account name (05-BFD-04)."""
    return Q(customer__public_id=text) | Q(customer__name__icontains=text)


def service_types(actor: Actor) -> QuerySet[ServiceType]:
    """Cloud services by name, for the filter Product Type."""
    reach.require(actor, VIEW_BILLS)
    return ServiceType.objects.order_by("name")


def spec_texts() -> Mapping[str, str]:
    """The text of each specification (05-BFD column 15) by its key: attributes joined with "|"."""
    rows = ResourceSpec.objects.filter(products__isnull=False).distinct()
    return {str(spec.pk): spec.text for spec in rows}


def payer_names(actor: Actor) -> tuple[str, str]:
    """Public ID and account name of the actor's own account."""
    found = Account.objects.values_list("public_id", "name").get(pk=actor.account_id)
    return str(found[0]), str(found[1])


def _partners(actor: Actor) -> list[int]:
    """Whose customers the actor pays for: its own; a distributor's present and former resellers'."""
    own = [actor.account_id]
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return own
    ever = ResellerAssociation.objects.visible_to(actor).values_list("reseller_id", flat=True)
    return own + list(ever.distinct())


def _paid_by(actor: Actor) -> Q:
    return Q(distributor=actor.account_id) | Q(distributor=None, partner=actor.account_id)


def sums_filter(values: Mapping[str, Any]) -> Q:
    """Conditions that sums and lines share, from the values of the filters of the list."""
    found = Q()
    if values.get("customer"):
        found &= of_customer(values["customer"])
    for word in (values.get("q") or "").split():
        found &= Q(customer__full_name__icontains=word) | Q(customer__name__icontains=word)
    for name, column in (("service", "service_type"), ("bill_type", "bill_type")):
        if values.get(name):
            found &= Q(**{column: values[name]})
    if values.get("settlement"):
        found &= Q(settlement=values["settlement"])
    return found
