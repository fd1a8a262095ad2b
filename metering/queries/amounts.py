"""What becomes of an amount: expressions over charges and their sums, in USD."""

from __future__ import annotations

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from customers.choices import AssociationModel
from partner_center.amounts import AmountField

#: Amounts of files and of the API have so many decimals (05-BIL-13, 04 D-30).
PLACES = 8


def nothing() -> Value:
    """Zero, as an amount."""
    return Value(0, output_field=AmountField())


def due() -> Combinable:
    """The amount at list price less the discount."""
    return ExpressionWrapper(F("list_amount") - F("discount_amount"), output_field=AmountField())


def monthly_settlement() -> Combinable:
    """What the partner settles monthly: all of a Reseller customer."""
    return _due_of(AssociationModel.RESELLER)


def cash() -> Combinable:
    """What the customer pays itself: all of a Referral customer."""
    return _due_of(AssociationModel.REFERRAL)


def coupons() -> Combinable:
    """Cash coupons are deducted by the bill run only; an expenditure has used none."""
    return nothing()


def to_eight(expression: Combinable) -> Cast:
    """The amount with 8 decimals, half up."""
    return Cast(expression, DecimalField(max_digits=38, decimal_places=PLACES))


def _due_of(model: AssociationModel) -> Case:
    return Case(When(model=model, then=due()), default=nothing(), output_field=AmountField())
