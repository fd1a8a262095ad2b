"""Verification codes: send, check, use up (08-AXO-07).

This module is also the store that ``partner_center.critical`` asks for codes of critical operations.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

import outbox.services
from partner_center import clock, critical
from partner_center.actors import Actor

from ..choices import CodeChannel
from ..models import User, VerificationCode
from ..refusals import CodeGone, CodeTooSoon, NoChannel, WrongCode

LIFETIME = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=60)
MAX_TRIES = 5


@transaction.atomic(durable=True)
def send_to_user(actor: Actor, *, operation: str, channel: CodeChannel) -> VerificationCode:
    """Send the actor a code for one operation; an earlier one ends. Raises CodeTooSoon, NoChannel."""
    user = User.objects.select_for_update().get(pk=actor.user_id)
    target = user.email if channel == CodeChannel.EMAIL else user.mobile
    if not target:
        raise NoChannel
    return _send(
        operation=operation,
        channel=channel,
        target=target,
        user=user,
        lifetime=LIFETIME,
    )


@transaction.atomic(durable=True)
def send_to_target(
    *,
    operation: str,
    channel: CodeChannel,
    target: str,
    account_id: int | None = None,
    lifetime: timedelta = LIFETIME,
) -> VerificationCode:
    """Send a code to an address that has no user yet (registration). Raises CodeTooSoon."""
    return _send(
        operation=operation,
        channel=channel,
        target=target,
        account_id=account_id,
        lifetime=lifetime,
    )


def check(actor: Actor, operation: str) -> int:
    """Id of the live code that ``actor.code`` matches. Raises CodeGone or WrongCode.

    A wrong try is counted and committed even though the operation is then refused.
    """
    return _check(
        operation=operation,
        code=actor.code or "",
        moment=clock.now(),
        user_id=actor.user_id,
    )


def check_target(*, operation: str, target: str, code: str) -> int:
    """Id of the live code sent to ``target``. Raises CodeGone or WrongCode."""
    return _check(operation=operation, code=code, moment=clock.now(), user_id=None, target=target)


def use_up(code_id: int) -> None:
    """Mark the code used in the running transaction. Raises CodeGone when somebody was faster."""
    used = VerificationCode.objects.filter(pk=code_id, used_at=None, ended_at=None).update(
        used_at=clock.now()
    )
    if not used:
        raise CodeGone


def _send(
    *,
    operation: str,
    channel: CodeChannel,
    target: str,
    lifetime: timedelta,
    user: User | None = None,
    account_id: int | None = None,
) -> VerificationCode:
    moment = clock.now()
    live = VerificationCode.objects.filter(operation=operation, used_at=None, ended_at=None)
    live = live.filter(user=user) if user else live.filter(user=None, target__iexact=target)
    _refuse_too_soon(live.order_by("-sent_at").first(), moment)
    live.update(ended_at=moment)
    digits = f"{secrets.randbelow(1_000_000):06d}"
    code = VerificationCode.objects.create(
        account_id=user.account_id if user else account_id,
        user=user,
        operation=operation,
        channel=channel,
        target=target,
        code_hash=_hash(digits, operation, target),
        sent_at=moment,
        expires_at=moment + lifetime,
    )
    queue = (
        outbox.services.queue_email if channel == CodeChannel.EMAIL else outbox.services.queue_sms
    )
    context = {
        "code": digits,
        "minutes": int(lifetime.total_seconds() // 60),
        "operation": _label(operation),
    }
    queue("verification_code", target, context, account_id=code.account_id, secret=True)
    return code


def _refuse_too_soon(last: VerificationCode | None, moment: datetime) -> None:
    if last and (wait := last.sent_at + RESEND_AFTER - moment) > timedelta():
        raise CodeTooSoon(int(wait.total_seconds()) + 1)


@transaction.atomic(durable=True)
def _count_wrong_try(code_id: int, moment: datetime) -> int:
    """Count a wrong try and return how many are left; ends the code at the fifth."""
    code = VerificationCode.objects.select_for_update().get(pk=code_id)
    code.wrong_tries += 1
    if code.wrong_tries >= MAX_TRIES:
        code.ended_at = moment
    code.save(update_fields=["wrong_tries", "ended_at"])
    return MAX_TRIES - code.wrong_tries


def _check(
    *,
    operation: str,
    code: str,
    moment: datetime,
    user_id: int | None,
    target: str = "",
) -> int:
    live = VerificationCode.objects.filter(
        operation=operation,
        used_at=None,
        ended_at=None,
        expires_at__gt=moment,
        user_id=user_id,
    )
    if user_id is None:
        live = live.filter(target__iexact=target)
    found = live.order_by("-sent_at").first()
    if found is None:
        raise CodeGone
    if not hmac.compare_digest(found.code_hash, _hash(code.strip(), operation, found.target)):
        left = _count_wrong_try(found.pk, moment)
        raise WrongCode(left) if left > 0 else CodeGone
    return found.pk


def _hash(digits: str, operation: str, target: str) -> str:
    message = f"{operation}|{target.lower()}|{digits}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def _label(operation: str) -> str:
    try:
        return str(critical.get_operation(operation).label)
    except KeyError:
        return ""
