"""What a customer who buys, pays or changes is refused (08 §10.5, docs/api/bss-api.md B.19 to B.28)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class NothingOrdered(Refusal):
    """An order without lines."""

    code = "orders.basket.empty"

    def __init__(self) -> None:
        super().__init__(_("Nothing was ordered: choose at least one product."))


class AgreementMissing(Refusal):
    """The Service Level Agreement is not ticked (08-BUY-04)."""

    code = "orders.basket.agreement"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was ordered: tick that you have read and agree to the Service Level Agreement."
            ),
            field="agrees",
        )


class NeedsNoOrder(Refusal):
    """Pay-per-use is provisioned, not ordered (04-ORD-01); everything else is ordered."""

    code = "orders.basket.mode"

    def __init__(self, product: str) -> None:
        super().__init__(
            _("Nothing was ordered: “%(product)s” is of another billing mode.")
            % {"product": product},
            field="mode",
        )


class NotForPartner(Refusal):
    """Not every product can be ordered on a customer's behalf (04 D-52)."""

    code = "orders.basket.not_on_behalf"

    def __init__(self, product: str) -> None:
        super().__init__(
            _("Nothing was ordered: “%(product)s” cannot be ordered on a customer’s behalf.")
            % {"product": product}
        )


class ZoneUnknown(Refusal):
    """The region has no such availability zone."""

    code = "orders.basket.zone"

    def __init__(self, region: str) -> None:
        super().__init__(
            _("Choose an availability zone of %(region)s.") % {"region": region}, field="zone"
        )


class OrderNotPending(Refusal):
    """Paid, canceled or closed already."""

    code = "orders.order.not_pending"
    status = 409

    def __init__(self, order_no: str, state: str) -> None:
        super().__init__(
            _("Nothing was changed: order %(number)s is “%(state)s” already.")
            % {"number": order_no, "state": state}
        )


class PaymentOverdue(Refusal):
    """The order was to be paid before; it is canceled now."""

    code = "orders.order.overdue"

    def __init__(self, order_no: str) -> None:
        super().__init__(
            _("Order %(number)s was not paid: its deadline has passed. Place it again.")
            % {"number": order_no}
        )


class DiscountNotUsable(Refusal):
    """The discount does not exist for this customer, these products or this day."""

    code = "orders.discount.not_usable"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence
            or _(
                "The order was not paid: this discount cannot be used. Choose another way to pay."
            ),
            field="discount",
        )


class DiscountExcluded(Refusal):
    """An adjusted price excludes every other discount (08-CSN-08, CSN-09)."""

    code = "orders.discount.excluded"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The order was not paid: your partner has adjusted its price, so that no other "
                "discount can be used."
            ),
            field="discount",
        )


class ResourceChanged(Refusal):
    """What the order was placed for is no longer as it was."""

    code = "orders.order.resource_changed"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The order was not paid: %(name)s has changed since it was placed. Cancel the order and "
                "place it again."
            )
            % {"name": name}
        )


class NothingToChange(Refusal):
    """It has this specification and size already."""

    code = "orders.resource.nothing_to_change"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s has this specification and size already.")
            % {"name": name}
        )


class InPendingOrder(Refusal):
    """The resource is in an order that waits to be paid (CBC.99003100)."""

    code = "orders.resource.in_pending_order"

    def __init__(self, name: str, order_no: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is in order %(number)s, which is not paid yet. Pay or "
                "cancel it first."
            )
            % {"name": name, "number": order_no}
        )


class NotMain(Refusal):
    """An attached resource goes with the one that it is attached to."""

    code = "orders.resource.not_main"

    def __init__(self, name: str, main: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is attached to %(main)s. Choose that one.")
            % {"name": name, "main": main}
        )


class WrongMode(Refusal):
    """The resource is billed in a mode that this operation does not know."""

    code = "orders.resource.wrong_mode"

    def __init__(self, name: str, mode: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is billed as %(mode)s.") % {"name": name, "mode": mode}
        )


class ResourceExpired(Refusal):
    """The term is over: only renewing, unsubscribing and looking are left."""

    code = "orders.resource.expired"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s has expired. Renew it first.") % {"name": name}
        )


class NoSuchMode(Refusal):
    """The catalogue has no product of the other billing mode for this specification."""

    code = "orders.resource.no_such_mode"

    def __init__(self, name: str, mode: str) -> None:
        super().__init__(
            _("Nothing was changed: the specification of %(name)s is not offered as %(mode)s.")
            % {"name": name, "mode": mode}
        )


class OtherProduct(Refusal):
    """A change keeps resource type and billing mode."""

    code = "orders.resource.other_product"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: choose a specification of the same resource type."),
            field="product",
        )


class OnlyGrows(Refusal):
    """A disk cannot lose capacity."""

    code = "orders.resource.only_grows"

    def __init__(self, size: int) -> None:
        super().__init__(
            _("Nothing was changed: the size can only grow; it is %(size)s now.") % {"size": size},
            field="size",
        )


class NoRenewalPeriod(Refusal):
    """There is no renewal that has not begun (CBC.99003128)."""

    code = "orders.unsubscription.no_renewal_period"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s has no renewal period that has not begun.")
            % {"name": name}
        )


class NotUnsubscribable(Refusal):
    """Savings plans run to their end (CBC.30000053)."""

    code = "orders.unsubscription.savings_plan"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is a savings plan, which cannot be unsubscribed.")
            % {"name": name}
        )


class ReasonTooLong(Refusal):
    """256 characters are what the order keeps."""

    code = "orders.unsubscription.reason_too_long"

    def __init__(self) -> None:
        super().__init__(_("The reason must not be longer than 256 characters."), field="reason")


class StateHasChanged(Refusal):
    """Started, stopped or gone already."""

    code = "orders.resource.state_has_changed"
    status = 409

    def __init__(self, name: str, state: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is “%(state)s” now. Reload the page.")
            % {"name": name, "state": state}
        )


class NameMissing(Refusal):
    """A resource has a name of 1 to 64 characters."""

    code = "orders.resource.name"

    def __init__(self) -> None:
        super().__init__(_("Enter a name of 1 to 64 characters."), field="name")


class NotRenewable(Refusal):
    """Auto-renewal is for yearly/monthly resources that run (CBC.99003602)."""

    code = "orders.renewal.not_renewable"

    def __init__(self, name: str) -> None:
        super().__init__(_("Nothing was changed: %(name)s is expired or frozen.") % {"name": name})


class NoCommonTerm(Refusal):
    """Several resources that are sold for different terms."""

    code = "orders.renewal.no_common_term"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was ordered: there is no term that all these resources are sold for. "
                "Renew them one by one."
            )
        )


class NoAutoRenewal(Refusal):
    """It is off already (CBC.99003605)."""

    code = "orders.renewal.off_already"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: auto-renewal of %(name)s is off already.") % {"name": name}
        )


class SettingUnknown(Refusal):
    """Days before expiry are 2 to 7, the common day 1 to 28 or the last of the month."""

    code = "orders.renewal.setting"

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence, field=field)
