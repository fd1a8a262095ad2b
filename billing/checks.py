"""System checks of billing: cards of a real installation are charged by a real payment company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from . import gateways


@checks.register()
def check_gateway(**_kwargs: Any) -> list[CheckMessage]:
    """The name of the gateway is known, and the sandbox is for the demo and tests."""
    if settings.PAYMENT_GATEWAY not in gateways.NAMES:
        return [
            checks.Error(
                f"PAYMENT_GATEWAY is {settings.PAYMENT_GATEWAY!r}.",
                hint=f"It is one of: {', '.join(sorted(gateways.NAMES))}.",
                id="billing.E001",
            )
        ]
    if settings.PAYMENT_GATEWAY == "sandbox" and not (settings.DEMO_MODE or settings.TESTING):
        return [
            checks.Error(
                "PAYMENT_GATEWAY is the sandbox, which moves no money.",
                hint="Remove it, and set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
                id="billing.E002",
            )
        ]
    return []


@checks.register(checks.Tags.security, deploy=True)
def check_stripe(**_kwargs: Any) -> list[CheckMessage]:
    """What Stripe needs. Without its key, partners are offered bank transfer only."""
    return list(_missing()) if settings.PAYMENT_GATEWAY == "stripe" else []


def _missing() -> Iterator[CheckMessage]:
    if not settings.STRIPE_SECRET_KEY:
        yield checks.Warning(
            "Cards cannot be charged: partners pay by bank transfer only.",
            hint="Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
            id="billing.W001",
        )
    elif not settings.STRIPE_WEBHOOK_SECRET:
        yield checks.Warning(
            "Stripe cannot tell what became of a charge; it is asked instead.",
            hint="Set STRIPE_WEBHOOK_SECRET.",
            id="billing.W002",
        )
