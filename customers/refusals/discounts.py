"""Refusals of partner discounts (04 §8.3.1.8)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal

from ..rules.discounts import Wrong

_FIELDS = {
    Wrong.PERCENT: "percent",
    Wrong.STARTS_IN_PAST: "starts_on",
    Wrong.START_FIXED: "starts_on",
    Wrong.ENDS_EARLY: "ends_on",
}


class NoDiscountTerms(Refusal):
    """The operator has not granted the partner the discount permission (04-DSC-02)."""

    code = "customers.discount.no_terms"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "You cannot set discounts: the operator has not granted you this permission. Ask "
                "your ecosystem manager."
            )
        )


class NoDiscountCountry(Refusal):
    """Partners registered in some areas cannot set discounts (04-DSC-03)."""

    code = "customers.discount.country"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("You cannot set discounts: partners registered in your country or region cannot.")
        )


class DiscountForReseller(Refusal):
    """Only customers of the Referral model get discounts (04-DSC-01)."""

    code = "customers.discount.reseller_model"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is associated in the Reseller model. Discounts are "
                "for customers of the Referral model only."
            )
            % {"name": name}
        )


class WrongDiscount(Refusal):
    """Percentage or dates are out of range."""

    code = "customers.discount.wrong"

    def __init__(self, wrong: Wrong, maximum: int) -> None:
        sentences = {
            Wrong.PERCENT: _("Enter a whole percentage from 0 to %(maximum)s.")
            % {"maximum": maximum},
            Wrong.STARTS_IN_PAST: _("The discount cannot start before today (GMT+08:00)."),
            Wrong.START_FIXED: _(
                "The discount is in effect: only the percentage and the end date can change."
            ),
            Wrong.ENDS_EARLY: _("The end date must be neither before the start nor before today."),
        }
        super().__init__(sentences[wrong], field=_FIELDS[wrong])


class NoDiscount(Refusal):
    """There is nothing to delete."""

    code = "customers.discount.none"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s has no discount to delete.") % {"name": name},
            field="percent",
        )
