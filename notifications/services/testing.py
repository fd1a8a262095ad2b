"""Test messages to recipients: does an address work before it matters?

They leave by the outbox at once, are recorded, and are held to a measure, because every SMS costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import translation

import audit.services
import outbox.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor

from .. import locks, queries
from ..choices import Way
from ..models import RecipientTest
from ..permissions import MANAGE_SETTINGS
from ..queries import Target
from ..refusals import NothingToTest, TestTooSoon, TooManyTests

#: An address is tested at most once in this time, an account sends at most so many in an hour.
APART = timedelta(minutes=1)
MOST_PER_HOUR = 30


@transaction.atomic(durable=True)
def send_to_recipient(actor: Actor, *, recipient_id: int) -> list[RecipientTest]:
    """Send a test e-mail and SMS to one recipient. Raises NotFound, TestTooSoon, TooManyTests."""
    actor.require(MANAGE_SETTINGS)
    locks.lock_settings(actor.account_id)
    return _send(actor, queries.targets_of_recipient(actor, recipient_id))


@transaction.atomic(durable=True)
def send_to_type(actor: Actor, *, code: str) -> list[RecipientTest]:
    """Send a test to everybody who gets messages of a type, by the ways that are ticked for it.

    Raises NotFound, NothingToTest, TestTooSoon, TooManyTests.
    """
    actor.require(MANAGE_SETTINGS)
    locks.lock_settings(actor.account_id)
    targets = queries.targets_of_type(actor, code)
    if not targets:
        raise NothingToTest
    return _send(actor, targets, code)


def _send(actor: Actor, targets: Sequence[Target], code: str = "") -> list[RecipientTest]:
    _refuse_flood(actor, targets)
    account = Account.objects.get(pk=actor.account_id)
    with translation.override(account.language):
        tests = [_queue(actor, target, code) for target in targets]
    audit.services.record(
        actor,
        "notifications.recipient.tested",
        after={"type": code, "targets": [target.address for target in targets]},
    )
    return tests


def _refuse_flood(actor: Actor, targets: Sequence[Target]) -> None:
    moment = clock.now()
    sent = RecipientTest.objects.visible_to(actor).filter(sent_at__gt=moment - timedelta(hours=1))
    if sent.count() + len(targets) > MOST_PER_HOUR:
        raise TooManyTests(MOST_PER_HOUR)
    lately = sent.filter(
        target__in=[target.address for target in targets], sent_at__gt=moment - APART
    )
    if (last := lately.order_by("-sent_at").first()) is not None:
        raise TestTooSoon(last.target, (last.sent_at + APART - moment).seconds + 1)


def _queue(actor: Actor, target: Target, code: str) -> RecipientTest:
    queue = outbox.services.queue_email if target.way == Way.EMAIL else outbox.services.queue_sms
    delivery = queue(
        "recipient_test",
        target.address,
        {"name": target.name, "sender": actor.name},
        account_id=actor.account_id,
    )
    return RecipientTest.objects.create(
        account_id=actor.account_id,
        recipient_id=target.recipient_id,
        type=code,
        delivery=delivery,
        name=target.name,
        channel=target.way,
        target=target.address,
        sent_by_id=actor.user_id,
        sent_at=delivery.queued_at,
    )
