"""Refusals of the catalogue: the sentences that people read."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal

from .choices import Period


class NotSold(Refusal):
    """The product was withdrawn from sale, or its region is no longer offered."""

    code = "catalog.not_sold"

    def __init__(self, product: str) -> None:
        super().__init__(
            _("“%(product)s” is not on sale. Choose another product.") % {"product": product},
            field="product",
        )


class NoPrice(Refusal):
    """No list price is in effect for the product in the region."""

    code = "catalog.no_price"

    def __init__(self, product: str, region: str) -> None:
        super().__init__(
            _("“%(product)s” has no list price in %(region)s. Choose another region or product.")
            % {"product": product, "region": region},
            field="region",
        )


class TermNotSold(Refusal):
    """The product is not sold for this term."""

    code = "catalog.term_not_sold"

    def __init__(self, product: str, terms: Sequence[str]) -> None:
        super().__init__(
            _("“%(product)s” is not sold for this term. Choose one of: %(terms)s.")
            % {"product": product, "terms": "; ".join(terms) or _("none")},
            field="period",
        )


class WrongMode(Refusal):
    """A product of another billing mode was meant."""

    code = "catalog.wrong_mode"

    def __init__(self, product: str, mode: str) -> None:
        super().__init__(
            _("“%(product)s” is billed as %(mode)s. Choose a product of the other billing mode.")
            % {"product": product, "mode": mode},
            field="mode",
        )


class SizeNeeded(Refusal):
    """A linear product is priced per unit of size."""

    code = "catalog.size_needed"

    def __init__(self, unit: str) -> None:
        super().__init__(_("Enter a size in %(unit)s.") % {"unit": unit}, field="size")


class SizeOutOfRange(Refusal):
    """The size does not fit the specification."""

    code = "catalog.size_out_of_range"

    def __init__(self, least: int, most: int, step: int, unit: str) -> None:
        super().__init__(
            _("Enter a size from %(least)s to %(most)s %(unit)s, in steps of %(step)s.")
            % {"least": least, "most": most, "step": step, "unit": unit},
            field="size",
        )


class QuantityOutOfRange(Refusal):
    """Nothing, or more than one order takes."""

    code = "catalog.quantity_out_of_range"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Enter a quantity from 1 to %(most)s.") % {"most": most}, field="quantity"
        )


class BadValue(Refusal):
    """A value that a row of the catalogue cannot have; the sentence says which it can."""

    code = "catalog.bad_value"


class FixedValue(Refusal):
    """What past prices were computed with does not change."""

    code = "catalog.fixed_value"

    def __init__(self, field: str, label: str) -> None:
        super().__init__(
            _(
                "%(label)s cannot change: prices of this product have been in effect. "
                "Add a new product and withdraw this one from sale."
            )
            % {"label": label},
            field=field,
        )


class CodeTaken(Refusal):
    """Another row has the code already."""

    code = "catalog.code_taken"

    def __init__(self, code: str, field: str) -> None:
        super().__init__(
            _("“%(code)s” is there already. Choose another code.") % {"code": code}, field=field
        )


class PriceInEffect(Refusal):
    """A price that has been in effect is never changed or removed; a new one follows it."""

    code = "catalog.price_in_effect"

    def __init__(self, since: str) -> None:
        super().__init__(
            _(
                "This price has been in effect since %(since)s. It cannot be changed or withdrawn; "
                "add a price that follows it."
            )
            % {"since": since}
        )


class PriceBackdated(Refusal):
    """Where a price has been in effect, a new one cannot begin in the past."""

    code = "catalog.price_backdated"

    def __init__(self, since: str) -> None:
        super().__init__(
            _(
                "A price of this product has been in effect since %(since)s. A new one can begin now "
                "or later, not in the past."
            )
            % {"since": since},
            field="valid_from",
        )


class PriceTaken(Refusal):
    """There is a price of the same product, region and term from the same moment on."""

    code = "catalog.price_taken"

    def __init__(self, since: str) -> None:
        super().__init__(
            _(
                "There is a price from %(since)s on already. Change that one, or choose another time."
            )
            % {"since": since},
            field="valid_from",
        )


class UnreadableFile(Refusal):
    """The file as a whole cannot be taken."""

    code = "catalog.unreadable_file"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


class _Unknown(Refusal):
    """A code that an inquiry names and the catalogue does not know."""

    def __init__(self, code: str) -> None:
        super().__init__(_("There is no “%(code)s” in the catalogue.") % {"code": code})


class NoSuchService(_Unknown):
    """No such cloud service."""

    code = "catalog.no_such_service"


class NoSuchResourceType(_Unknown):
    """The service has no such resource type."""

    code = "catalog.no_such_resource_type"


class NoSuchRegion(_Unknown):
    """No such region is offered."""

    code = "catalog.no_such_region"


class NoSuchUsageFactor(_Unknown):
    """The product is not metered by this usage type."""

    code = "catalog.no_such_usage_factor"


class NoSuchZone(Refusal):
    """The region has no such availability zone."""

    code = "catalog.no_such_zone"

    def __init__(self, zone: str, region: str) -> None:
        super().__init__(
            _("There is no availability zone “%(zone)s” in %(region)s.")
            % {"zone": zone, "region": region}
        )


class NoSuchProduct(Refusal):
    """No product of this specification is on sale there in this billing mode."""

    code = "catalog.no_such_product"

    def __init__(self, spec: str, region: str) -> None:
        super().__init__(
            _("No product of “%(spec)s” is on sale in %(region)s in this billing mode.")
            % {"spec": spec, "region": region}
        )


class WrongUnit(Refusal):
    """The unit does not convert into the one that the product is priced in."""

    code = "catalog.wrong_unit"

    def __init__(self, unit: int) -> None:
        super().__init__(
            _("The product is not measured in unit %(unit)s. See the list of units.")
            % {"unit": unit or "--"}
        )


def term_label(period: str, counts: Sequence[int]) -> str:
    """A term as sentences and pages say it: ``Month: 1 to 11``."""
    label = str(Period(period).label)
    if not counts:
        return label
    if counts[0] == counts[-1]:
        return f"{label}: {counts[0]}"
    return _("%(period)s: %(least)s to %(most)s") % {
        "period": label,
        "least": counts[0],
        "most": counts[-1],
    }
