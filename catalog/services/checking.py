"""What must hold for a row of the catalogue before it is written, whichever door it comes through.

Every check raises BadValue (or FixedValue) with the field it is about. ``facts`` holds what was read
for many rows at once, so that a file of thousands asks the database no more than a form does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.choices import PartnerKind

from ..choices import BillingMode, PaymentOption, SettlementType
from ..models import (
    ListPrice,
    MeasureUnit,
    Product,
    Region,
    ResourceSpec,
    ResourceType,
    ServiceType,
    UnitConversion,
    UsageType,
)
from ..refusals import BadValue, FixedValue
from ..rules.terms import FIXED_TERM_MODES

#: What past prices of a product were computed with.
FIXED_OF_PRODUCT = frozenset(
    {
        "resource_type",
        "spec",
        "mode",
        "usage_type",
        "usage_unit",
        "pricing_unit",
        "conversion_factor",
        "is_spot",
        "is_percentile",
        "payment_option",
        "term_months",
        "commitment",
        "plan_discount",
        "package_quota",
        "package_reset",
    }
)
_OF_PLANS = frozenset({"commitment", "plan_discount"})
_METERED_MODES = frozenset(
    {
        BillingMode.PAY_PER_USE,
        BillingMode.RESERVED_UPFRONT,
        BillingMode.RESERVED_HOURLY,
        BillingMode.SAVINGS_PLAN,
        BillingMode.PACKAGE,
    }
)


@dataclass(frozen=True)
class Facts:
    """What checks ask about other rows: prices in effect, and how units convert."""

    #: Products and specifications with a price that has been in effect.
    priced_products: frozenset[int] = frozenset()
    priced_specs: frozenset[int] = frozenset()
    #: (unit, reference) → ratio.
    ratios: Mapping[tuple[int, int], int] = field(default_factory=dict)


def facts_at(moment: Any) -> Facts:
    """Facts as they are at ``moment``; three queries."""
    begun = ListPrice.objects.filter(valid_from__lte=moment)
    conversions = UnitConversion.objects.values_list("unit_id", "reference_id", "ratio")
    return Facts(
        frozenset(begun.values_list("product_id", flat=True).distinct()),
        frozenset(begun.values_list("product__spec_id", flat=True).distinct()) - {None},
        {(unit, reference): ratio for unit, reference, ratio in conversions},
    )


def check(row: models.Model, stored: models.Model | None, facts: Facts) -> None:
    """Raise BadValue or FixedValue when the row cannot be written so. ``stored``: as it is now."""
    relations = [f.name for f in row._meta.concrete_fields if f.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise BadValue(" ".join(sentences), field=name) from error
    _CHECKS[type(row)](row, stored, facts)


def _region(row: Region, stored: Region | None, facts: Facts) -> None:
    if len(set(row.zones)) != len(row.zones):
        raise BadValue(_("Name each availability zone once."), field="zones")


def _service_type(row: ServiceType, stored: ServiceType | None, facts: Facts) -> None:
    if row.has_percentile_billing and not row.page_slug:
        raise BadValue(
            _("Enter the last part of the product page: partners find the service by it."),
            field="page_slug",
        )


def _resource_type(row: ResourceType, stored: ResourceType | None, facts: Facts) -> None:
    if stored and stored.service_type_id != row.service_type_id:
        raise BadValue(
            _("A resource type stays with its service. Add a new one."), field="service_type"
        )


def _measure_unit(row: MeasureUnit, stored: MeasureUnit | None, facts: Facts) -> None:
    if not row.pk or row.pk < 1:
        raise BadValue(_("Enter the measure ID, a number from 1 on."), field="id")


def _unit_conversion(row: UnitConversion, stored: UnitConversion | None, facts: Facts) -> None:
    if row.unit_id == row.reference_id:
        raise BadValue(_("Choose another unit to convert to."), field="reference")
    if row.unit.measure_type != row.reference.measure_type:
        raise BadValue(_("Both units must be of one measure type."), field="reference")
    if row.ratio < 1:
        raise BadValue(_("Enter a ratio from 1 on."), field="ratio")


def _usage_type(row: UsageType, stored: UsageType | None, facts: Facts) -> None:
    """The key says all."""


def _resource_spec(row: ResourceSpec, stored: ResourceSpec | None, facts: Facts) -> None:
    sizes = (row.size_min, row.size_max, row.size_step)
    if row.size_unit_id is None and any(size is not None for size in sizes):
        raise BadValue(
            _("Choose the unit of the size, or leave all sizes empty."), field="size_unit"
        )
    if row.size_unit_id is not None:
        least, most, step = (size or 0 for size in sizes)
        if not (0 < least <= most and step > 0):
            raise BadValue(
                _("Enter the least size, a most size that is not smaller, and a step."),
                field="size_min",
            )
    if stored and stored.size_unit_id != row.size_unit_id and stored.pk in facts.priced_specs:
        raise FixedValue("size_unit", _("The unit of the size"))


def _product(row: Product, stored: Product | None, facts: Facts) -> None:
    _parts_belong_together(row)
    _is_metered_as_its_mode_needs(row)
    _converts(row, facts)
    _has_the_terms_of_its_mode(row)
    _is_sold_under_terms_that_fit(row)
    if stored and stored.pk in facts.priced_products:
        for column in Product._meta.concrete_fields:
            same = getattr(stored, column.attname) == getattr(row, column.attname)
            # Terms of a savings plan that were never entered may be entered once.
            late = column.name in _OF_PLANS and getattr(stored, column.attname) is None
            if column.name in FIXED_OF_PRODUCT and not same and not late:
                raise FixedValue(column.name, str(column.verbose_name).capitalize())


def _parts_belong_together(row: Product) -> None:
    for name in ("spec", "usage_type"):
        part = getattr(row, name)
        if part is not None and part.resource_type_id != row.resource_type_id:
            raise BadValue(
                _("It belongs to another resource type. Choose one of this."), field=name
            )


def _is_metered_as_its_mode_needs(row: Product) -> None:
    if row.mode not in _METERED_MODES:
        return
    for name in ("usage_type", "usage_unit", "pricing_unit"):
        if getattr(row, name) is None:
            raise BadValue(_("Products of this billing mode are metered. Choose one."), field=name)


def _converts(row: Product, facts: Facts) -> None:
    if row.conversion_factor <= 0:
        raise BadValue(_("Enter a factor above 0."), field="conversion_factor")
    if row.usage_unit_id is None or row.pricing_unit_id is None:
        return
    pair = (row.pricing_unit_id, row.usage_unit_id)
    known = 1 if pair[0] == pair[1] else facts.ratios.get(pair)
    if known is not None and row.conversion_factor != known:
        raise BadValue(
            _("One %(pricing)s is %(known)s %(usage)s: enter %(known)s.")
            % {
                "pricing": row.pricing_unit.abbreviation,  # type: ignore[union-attr]
                "usage": row.usage_unit.abbreviation,  # type: ignore[union-attr]
                "known": known,
            },
            field="conversion_factor",
        )


def _has_the_terms_of_its_mode(row: Product) -> None:
    fixed, package = row.mode in FIXED_TERM_MODES, row.mode == BillingMode.PACKAGE
    plan = row.mode == BillingMode.SAVINGS_PLAN
    needed = {
        "payment_option": (fixed, row.payment_option, _("Choose a payment option.")),
        "term_months": (fixed, row.term_months, _("Enter the term in months.")),
        "commitment": (plan, row.commitment, _("Enter the commitment, in USD an hour.")),
        "plan_discount": (plan, row.plan_discount, _("Enter the discount on usage.")),
        "package_quota": (package, row.package_quota, _("Enter how much is free.")),
    }
    for name, (wanted, value, sentence) in needed.items():
        if wanted and not value:
            raise BadValue(sentence, field=name)
        if value and not wanted:
            raise BadValue(
                _("Products of this billing mode have none. Leave it empty."), field=name
            )
    if (row.commitment or 0) < 0:
        raise BadValue(_("Enter a commitment above 0."), field="commitment")
    if (row.plan_discount or 0) > 99:
        raise BadValue(_("Enter a discount from 1 to 99 percent."), field="plan_discount")
    if package and (row.package_quota or 0) < 0:
        raise BadValue(_("Enter a quota above 0."), field="package_quota")
    if row.package_reset and not package:
        raise BadValue(
            _("Only resource packages start anew. Leave it empty."), field="package_reset"
        )
    no_upfront = row.payment_option == PaymentOption.NO_UPFRONT
    if row.mode == BillingMode.RESERVED_UPFRONT and no_upfront:
        raise BadValue(
            _("Nothing upfront is billed by the hour: choose reserved instance-hourly billing."),
            field="payment_option",
        )


def _is_sold_under_terms_that_fit(row: Product) -> None:
    by_use = row.mode == BillingMode.PAY_PER_USE
    if row.is_spot and not by_use:
        raise BadValue(_("Only pay-per-use products are spot."), field="is_spot")
    if row.is_percentile and not (by_use and row.service_type.has_percentile_billing):
        raise BadValue(
            _("Only pay-per-use products of services with 95th-percentile bandwidth are."),
            field="is_percentile",
        )
    if row.takes_partner_discount and (
        row.is_spot
        or row.service_type.is_marketplace
        or row.settlement == SettlementType.NO_DISCOUNT
    ):
        raise BadValue(
            _("Spot, marketplace and no-discount products take no partner discounts."),
            field="takes_partner_discount",
        )
    if unknown := set(row.on_behalf_kinds) - (set(PartnerKind.values) - {PartnerKind.NONE}):
        raise BadValue(
            _("There is no kind of partner “%(kind)s”.") % {"kind": sorted(unknown)[0]},
            field="on_behalf_kinds",
        )


_CHECKS: dict[type[models.Model], Callable[[Any, Any, Facts], None]] = {
    Region: _region,
    ServiceType: _service_type,
    ResourceType: _resource_type,
    MeasureUnit: _measure_unit,
    UnitConversion: _unit_conversion,
    UsageType: _usage_type,
    ResourceSpec: _resource_spec,
    Product: _product,
}
