"""Choices of the orders app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderStatus(TextChoices):
    """States of an order (04 D-51)."""

    PENDING_PAYMENT = "pending", _("Pending payment")
    PROCESSING = "processing", _("Processing")
    COMPLETED = "completed", _("Completed")
    CANCELED = "canceled", _("Canceled")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")


class OrderType(TextChoices):
    """What an order does (05-BFD column 23, API ORDER_TYPE)."""

    NEW = "new", _("New purchase")
    RENEWAL = "renewal", _("Renewal")
    CHANGE = "change", _("Change")
    UNSUBSCRIPTION = "unsubscription", _("Unsubscription")
    TO_PERIOD = "to_period", _("Pay-per-use to yearly/monthly")
    TO_USAGE = "to_usage", _("Yearly/monthly to pay-per-use")


class OrderSource(TextChoices):
    """Who placed it (API ORDER_SOURCE)."""

    CUSTOMER = "customer", _("Customer")
    ON_BEHALF = "on_behalf", _("Partner on the customer’s behalf")
    SYSTEM = "system", _("System")


class DiscountKind(TextChoices):
    """The one discount that an order was paid with (08-CSN-08)."""

    NONE = "", _("None")
    PARTNER = "partner", _("Partner discount")
    ADJUSTMENT = "adjustment", _("Price adjustment")


class PaymentMethod(TextChoices):
    """Who settles an order."""

    NONE = "", _("Not paid")
    #: The partner pays with its monthly bill (Reseller model).
    MONTHLY = "monthly", _("Monthly settlement by the partner")
    CASH = "cash", _("Cash")


class UnsubscribeReason(TextChoices):
    """Why a customer unsubscribes (API B.24)."""

    HARD_TO_USE = "1", _("Hard to use")
    LACKS_FEATURES = "2", _("Lacks features")
    TOO_COMPLEX = "3", _("Too complex to operate")
    POOR_SERVICE = "4", _("Poor service")
    OTHER = "5", _("Other")


class SessionPurpose(TextChoices):
    """What a partner does as the customer (04 §8.3.1.11, 8.3.1.12)."""

    ORDER = "order", _("Place orders")
    OPERATE = "operate", _("Resource O&M")
