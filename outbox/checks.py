"""System checks of the outbox: a real installation must be able to send."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage


@checks.register(checks.Tags.security, deploy=True)
def check_ways_out(**kwargs: Any) -> list[CheckMessage]:
    """E-mail and SMS leave the house in a real installation."""
    found: list[CheckMessage] = []
    if settings.DEMO_MODE:
        return found
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        found.append(
            checks.Warning(
                f"Email goes to {settings.EMAIL_BACKEND}, not to a mail server.",
                hint="Set EMAIL_BACKEND to django.core.mail.backends.smtp.EmailBackend.",
                id="outbox.W001",
            )
        )
    if settings.SMS_GATEWAY == settings.DEMO_SMS_GATEWAY:
        found.append(
            checks.Error(
                "SMS are not sent: SMS_GATEWAY is the one of the demo.",
                hint="Set SMS_GATEWAY_URL and SMS_GATEWAY_TOKEN, and leave SMS_GATEWAY alone.",
                id="outbox.E001",
            )
        )
    elif settings.SMS_GATEWAY.endswith("HttpSmsGateway") and not settings.SMS_GATEWAY_URL:
        found.append(
            checks.Warning(
                "SMS cannot be sent yet.",
                hint="Set SMS_GATEWAY_URL and SMS_GATEWAY_TOKEN.",
                id="outbox.W002",
            )
        )
    return found
