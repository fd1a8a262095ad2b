"""Verification codes for customers that a partner registers (API B.3, B.4)."""

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
from ..refusals import CodeGone, CodeTriedOut, TooManyCodes
from . import codes

#: What the code is bound to; creating the customer uses it up.
OPERATION = "accounts.customer_registration"
#: So many wrong tries end a code of this kind (API B.4).
MOST_TRIES = 3
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


def check_registration_code(*, email: str, code: str) -> int:
    """Id of the live code that was sent to this address; a wrong try is counted and committed.

    Call it before the transaction that uses the code up. Raises WrongCode, CodeGone, and
    CodeTriedOut from the third wrong try on until a new code is sent.
    """
    try:
        return codes.check_target(
            operation=OPERATION, target=email, code=code, most_tries=MOST_TRIES
        )
    except CodeGone as gone:
        if _is_tried_out(email):
            raise CodeTriedOut(OPERATION) from gone
        raise


def _is_tried_out(email: str) -> bool:
    sent = VerificationCode.objects.filter(operation=OPERATION, target__iexact=email)
    last = sent.order_by("-sent_at").first()
    return last is not None and last.used_at is None and last.wrong_tries >= MOST_TRIES


def _refuse_too_many(email: str, moment: datetime) -> None:
    sent = VerificationCode.objects.filter(operation=OPERATION, target__iexact=email)
    for limit, period, name in LIMITS:
        if sent.filter(sent_at__gt=moment - period).count() >= limit:
            raise TooManyCodes(limit, name)
