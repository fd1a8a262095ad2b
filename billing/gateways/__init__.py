"""The companies that move money from cards, behind one interface (docs/mechanisms/payments.md)."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Gateway

STRIPE = "stripe"
#: Classes by name; only the one that is chosen is loaded, because Stripe's library is large.
_GATEWAYS = {
    "sandbox": "billing.gateways.sandbox.SandboxGateway",
    STRIPE: "billing.gateways.stripe_gateway.StripeGateway",
}
NAMES = frozenset(_GATEWAYS)


def is_ready() -> bool:
    """Whether cards can be charged in this installation."""
    return settings.PAYMENT_GATEWAY != STRIPE or bool(settings.STRIPE_SECRET_KEY)


def chosen() -> Gateway:
    """The gateway that ``PAYMENT_GATEWAY`` names; the checks at start refuse any other name."""
    gateway: type[Gateway] = import_string(_GATEWAYS[settings.PAYMENT_GATEWAY])
    return gateway()
