"""Refusals of price adjustments (04 §8.3.3.2, 06-DAP-01)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class AdjustForReseller(Refusal):
    """Prices are adjusted for customers of the Referral model only (04-PRC-01, 08-CSN-11)."""

    code = "orders.adjusting.reseller_model"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the customer ordered in the Reseller model. Prices can be "
                "adjusted for customers of the Referral model only."
            )
        )


class OrderNotUnpaid(Refusal):
    """The order was paid or canceled, or its time to pay is over (04-PRC-01)."""

    code = "orders.adjusting.not_unpaid"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: this order no longer waits for payment. Only the price of an "
                "unpaid order can be adjusted."
            )
        )


class NothingAdjustable(Refusal):
    """No line of the order takes a discount of the partner (04-PRC-02)."""

    code = "orders.adjusting.no_product"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: discounts of partners do not apply to the products of this order."
            )
        )


class DiscountTooHigh(Refusal):
    """More than the maximum of a line or of the order (04-PRC-04)."""

    code = "orders.adjusting.too_high"

    def __init__(self, maximum: Decimal, field: str) -> None:
        super().__init__(
            _("The discount must be between 0.00 and %(maximum)s USD.")
            % {"maximum": f"{maximum:,.2f}"},
            field=field,
        )


class PriceUnchanged(Refusal):
    """The order has this price already."""

    code = "orders.adjusting.unchanged"

    def __init__(self, field: str | None = None) -> None:
        super().__init__(_("Nothing was changed: this is the present discount."), field=field)
