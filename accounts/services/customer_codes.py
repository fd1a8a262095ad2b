"""Verification codes for customers that a partner registers (API B.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

import audit.services
from partner_center import clock
from partner_center.actors import Actor

from ..choices import CodeChannel
from ..locks import lock_receiver
from ..models import VerificationCode
from ..permissions import CREATE_CUSTOMERS
from ..refusals import TooManyCodes
from . import codes

#: What the code is bound to; creating the customer uses it up.
OPERATION = "accounts.customer_registration"
LIMITS = ((15, timedelta(hours=1), "hour"), (60, timedelta(days=1), "day"))


@transaction.atomic(durable=True)
def send_registration_code(
    actor: Actor, *, email: str, lifetime: timedelta = codes.LIFETIME, language: str = "en"
) -> VerificationCode:
    """E-mail a code to somebody whom the partner registers. Raises TooManyCodes.

    The limits count all codes of this kind to the receiver, whichever partner sends them.
    """
    actor.require(CREATE_CUSTOMERS)
    lock_receiver(email)
    _refuse_too_many(email, clock.now())
    with translation.override(language):
        code = codes._send(
            operation=OPERATION,
            channel=CodeChannel.EMAIL,
            target=email,
            account_id=actor.account_id,
            lifetime=lifetime,
            resend_after=timedelta(),
        )
    audit.services.record(actor, "accounts.registration_code.sent", after={"email": email})
    return code


def _refuse_too_many(email: str, moment: datetime) -> None:
    sent = VerificationCode.objects.filter(operation=OPERATION, target__iexact=email)
    for limit, period, name in LIMITS:
        if sent.filter(sent_at__gt=moment - period).count() >= limit:
            raise TooManyCodes(limit, name)
