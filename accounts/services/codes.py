"""Verification codes: send, check, use up (08-AXO-07).

This module is also the store that ``partner_center.critical`` asks for codes of critical operations.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

import outbox.services
from partner_center import clock, critical
from partner_center.actors import Actor
from partner_center.critical import CodePrompt
from partner_center.masking import mask_email, mask_phone

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
    return _send(operation=operation, channel=channel, target=target, user=user)


@transaction.atomic(durable=True)
def send_to_address(
    user_id: int, *, operation: str, channel: CodeChannel, target: str
) -> VerificationCode:
    """Send a code for a user who is not signed in to an address of it. Raises CodeTooSoon."""
    user = User.objects.select_for_update().get(pk=user_id)
    if not target:
        raise NoChannel
    return _send(operation=operation, channel=channel, target=target, user=user)


def prompt(actor: Actor, operation: str) -> CodePrompt:
    """What the code page tells the actor: where the live code went and what else is possible."""
    user = User.objects.get(pk=actor.user_id)
    moment = clock.now()
    live = _live(operation, moment).filter(user=user).order_by("-sent_at").first()
    channels = _channels(user, sms_first=critical.prefers_sms(operation))
    return replace(_prompt(operation, live, moment), channels=channels)


def prompt_target(operation: str, target: str) -> CodePrompt:
    """The same for an address that has no user yet."""
    moment = clock.now()
    live = _live(operation, moment).filter(user=None, target__iexact=target)
    return _prompt(operation, live.order_by("-sent_at").first(), moment)


def send_to_first_channel(actor: Actor, *, operation: str) -> VerificationCode:
    """Send the actor a code by e-mail, or by SMS when the user has no e-mail address.

    Raises CodeTooSoon, and NoChannel for a user who has neither.
    """
    try:
        return send_to_user(actor, operation=operation, channel=CodeChannel.EMAIL)
    except NoChannel:
        return send_to_user(actor, operation=operation, channel=CodeChannel.SMS)


def send(actor: Actor, operation: str, channel: str) -> None:
    """Send the actor a code by a channel that the code page offered. Raises CodeTooSoon, NoChannel."""
    if channel not in CodeChannel.values:
        raise NoChannel
    send_to_user(actor, operation=operation, channel=CodeChannel(channel))


def mask(target: str) -> str:
    """An e-mail address or phone number as shown to whom a code was sent."""
    return mask_email(target) if "@" in target else mask_phone(target)


@transaction.atomic(durable=True)
def send_to_target(
    *,
    operation: str,
    channel: CodeChannel,
    target: str,
    account_id: int | None = None,
    lifetime: timedelta = LIFETIME,
    template: str = "verification_code",
) -> VerificationCode:
    """Send a code to an address that has no user yet (registration). Raises CodeTooSoon."""
    return _send(
        operation=operation,
        channel=channel,
        target=target,
        account_id=account_id,
        lifetime=lifetime,
        template=template,
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


def check_target(*, operation: str, target: str, code: str, most_tries: int = MAX_TRIES) -> int:
    """Id of the live code sent to ``target``. Raises CodeGone or WrongCode.

    So many wrong tries end the code.
    """
    return _check(
        operation=operation,
        code=code,
        moment=clock.now(),
        user_id=None,
        target=target,
        most_tries=most_tries,
    )


def spend(actor: Actor, code_id: int) -> Actor:
    """Use the code up and return the actor as one that a code has verified, for the audit trail."""
    use_up(code_id)
    return replace(actor, code_used=True)


def use_up(code_id: int) -> None:
    """Mark the code used in the running transaction. Raises CodeGone when somebody was faster."""
    used = VerificationCode.objects.filter(pk=code_id, used_at=None, ended_at=None).update(
        used_at=clock.now()
    )
    if not used:
        raise CodeGone(VerificationCode.objects.values_list("operation", flat=True).get(pk=code_id))


def _send(
    *,
    operation: str,
    channel: CodeChannel,
    target: str,
    lifetime: timedelta = LIFETIME,
    user: User | None = None,
    account_id: int | None = None,
    template: str = "verification_code",
    resend_after: timedelta = RESEND_AFTER,
) -> VerificationCode:
    moment = clock.now()
    unused = VerificationCode.objects.filter(operation=operation, used_at=None)
    unused = unused.filter(user=user) if user else unused.filter(user=None, target__iexact=target)
    # A code that wrong tries have ended counts too: else new codes would be new tries at once.
    _refuse_too_soon(unused.order_by("-sent_at").first(), moment, resend_after)
    unused.filter(ended_at=None).update(ended_at=moment)
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
    _queue(code, digits, template, int(lifetime.total_seconds() // 60))
    return code


def _queue(code: VerificationCode, digits: str, template: str, minutes: int) -> None:
    queue = (
        outbox.services.queue_email
        if code.channel == CodeChannel.EMAIL
        else outbox.services.queue_sms
    )
    context = {
        "code": digits,
        "minutes": minutes,
        "operation": critical.label_of(code.operation),
    }
    queue(template, code.target, context, account_id=code.account_id, secret=True)


def _refuse_too_soon(
    last: VerificationCode | None, moment: datetime, resend_after: timedelta
) -> None:
    if last and (seconds := _wait(last, moment, resend_after)):
        raise CodeTooSoon(seconds)


def _wait(last: VerificationCode, moment: datetime, resend_after: timedelta = RESEND_AFTER) -> int:
    """Seconds until another code may be sent, rounded up."""
    return max(0, ceil((last.sent_at + resend_after - moment).total_seconds()))


def _prompt(operation: str, live: VerificationCode | None, moment: datetime) -> CodePrompt:
    found = CodePrompt(operation=operation, label=critical.label_of(operation))
    if live is None:
        return found
    return replace(
        found,
        sent_to=mask(live.target),
        channel=live.channel,
        valid_until=live.expires_at,
        wait=_wait(live, moment),
    )


def _live(operation: str, moment: datetime) -> QuerySet[VerificationCode]:
    return VerificationCode.objects.filter(
        operation=operation, used_at=None, ended_at=None, expires_at__gt=moment
    )


def _channels(user: User, *, sms_first: bool) -> tuple[tuple[str, str, str], ...]:
    """The ways to reach the user; the first one is taken when nobody chooses."""
    targets = [(CodeChannel.EMAIL, user.email), (CodeChannel.SMS, user.mobile)]
    if sms_first:
        targets.reverse()
    return tuple((c.value, str(c.label), mask(target)) for c, target in targets if target)


def _check(
    *,
    operation: str,
    code: str,
    moment: datetime,
    user_id: int | None,
    target: str = "",
    most_tries: int = MAX_TRIES,
) -> int:
    live = _live(operation, moment)
    live = (
        live.filter(user_id=user_id) if user_id else live.filter(user=None, target__iexact=target)
    )
    found = live.order_by("-sent_at").first()
    if found is None:
        raise CodeGone(operation)
    tries_left = _try(found.pk, code.strip(), moment, most_tries)
    if tries_left is not None:
        raise WrongCode(tries_left, operation) if tries_left > 0 else CodeGone(operation)
    return found.pk


@transaction.atomic(durable=True)
def _try(code_id: int, digits: str, moment: datetime, most_tries: int) -> int | None:
    """None when the digits match, else how many tries are left; the last wrong one ends the code.

    Judged under the row's lock, so that tries sent at the same moment are counted one by one.
    """
    code = VerificationCode.objects.select_for_update().get(pk=code_id)
    if code.ended_at or code.used_at:
        return 0
    if hmac.compare_digest(code.code_hash, _hash(digits, code.operation, code.target)):
        return None
    code.wrong_tries += 1
    if code.wrong_tries >= most_tries:
        code.ended_at = moment
    code.save(update_fields=["wrong_tries", "ended_at"])
    return max(0, most_tries - code.wrong_tries)


def _hash(digits: str, operation: str, target: str) -> str:
    message = f"{operation}|{target.lower()}|{digits}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
