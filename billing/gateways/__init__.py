"""The companies that move money from cards, behind one interface (docs/mechanisms/payments.md)."""

from __future__ import annotations

from django.conf import settings

from .base import Gateway
from .sandbox import SandboxGateway
from .stripe_gateway import StripeGateway

_GATEWAYS: dict[str, type[Gateway]] = {
    SandboxGateway.name: SandboxGateway,
    StripeGateway.name: StripeGateway,
}
NAMES = frozenset(_GATEWAYS)


def is_ready() -> bool:
    """Whether cards can be charged in this installation."""
    return StripeGateway.name != settings.PAYMENT_GATEWAY or bool(settings.STRIPE_SECRET_KEY)


def chosen() -> Gateway:
    """The gateway that ``PAYMENT_GATEWAY`` names; the checks at start refuse any other name."""
    return _GATEWAYS[settings.PAYMENT_GATEWAY]()
