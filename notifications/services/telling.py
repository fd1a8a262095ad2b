"""Telling an account something: in the portal, by e-mail, by SMS."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

import outbox.services
from accounts.models import Account
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor

from .. import catalogue, queries, rules
from ..catalogue import MessageType
from ..choices import Way
from ..models import Message, Notice, NoticeDelivery
from ..policies import Channels
from ..queries import Address

Fact = tuple[str | Promise, Any]


def notify(
    actor: Actor,
    *,
    account_id: int,
    type: str,  # noqa: A002  the word of the settings page
    key: str,
    template: str,
    context: Mapping[str, Any],
    facts: Iterable[Fact] = (),
    link: str = "",
    link_label: str | Promise = "",
    only_users: Collection[int] | None = None,
    urgent: bool = False,
) -> Notice:
    """Tell an account about an event, inside the transaction of the event.

    ``key`` names the event (``budget:17:2026-11:90``): a second call with the same key and account
    changes nothing and sends nothing. ``templates/messages/<template>.txt`` gives title (first line,
    ``Subject: …``) and text; ``facts`` are lines of label and value below it, where moments are
    shown in the account's time zone. ``link`` is a path of the portal. Everybody who may see messages
    of the type gets it in the Message Center, narrowed to ``only_users`` when given (account managers
    of a customer); recipients get e-mail and SMS as the account has set it, ordinary ones in working
    hours of its time zone (01-BAS-09); those of an urgent type, or told as ``urgent``, at once. Raises
    KeyError for an unknown type.
    """
    kind = catalogue.get(type)
    account = Account.objects.get(pk=account_id)
    notice, is_new = Notice.objects.get_or_create(
        account_id=account_id,
        key=key,
        defaults={
            "type": type,
            "link": link,
            "created_at": clock.now(),
            **_words(account, template, context, facts, link_label),
        },
    )
    if is_new:
        _put_into_portal(notice, kind, only_users)
        _queue_deliveries(notice, kind, account, urgent=urgent or kind.urgent)
    return notice


def _words(
    account: Account,
    template: str,
    context: Mapping[str, Any],
    facts: Iterable[Fact],
    link_label: str | Promise,
) -> dict[str, Any]:
    """Title, text and facts in the account's language and time zone."""
    zone = ZoneInfo(account.time_zone)
    with translation.override(account.language), timezone.override(zone):
        text = render_to_string(
            f"messages/{template}.txt", {"portal_name": settings.PORTAL_NAME, **context}
        )
        title, _newline, body = text.partition("\n")
        return {
            "title": title.removeprefix("Subject:").strip()[:200],
            "body": body.strip(),
            "facts": [[str(label), _fact(value, zone)] for label, value in facts],
            "link_label": str(link_label)[:64],
        }


def _fact(value: Any, zone: ZoneInfo) -> str:
    return rules.local_words(value, zone) if isinstance(value, datetime) else str(value)


def _put_into_portal(notice: Notice, kind: MessageType, only_users: Collection[int] | None) -> None:
    users = queries.users_with(notice.account_id, kind.permission)
    if only_users is not None:
        users = [user for user in users if user in only_users]
    Message.objects.bulk_create(
        Message(account_id=notice.account_id, notice=notice, user_id=user) for user in users
    )


def _queue_deliveries(notice: Notice, kind: MessageType, account: Account, *, urgent: bool) -> None:
    channels = queries.channels_of(account.pk, kind)
    due_at = (
        None
        if urgent
        else rules.next_working_moment(notice.created_at, ZoneInfo(account.time_zone))
    )
    with translation.override(account.language):
        for way, target, address in _targets(queries.addresses_for(account, kind.code), channels):
            _queue(notice, address, way, target, due_at)


def _targets(addresses: list[Address], channels: Channels) -> Iterator[tuple[Way, str, Address]]:
    """Where to, each target once: two recipients may share a phone."""
    seen: set[tuple[Way, str]] = set()
    for address in addresses:
        for way, wanted, target in (
            (Way.EMAIL, channels.email, address.email),
            (Way.SMS, channels.sms, address.phone),
        ):
            if wanted and target and (way, target) not in seen:
                seen.add((way, target))
                yield way, target, address


def _queue(
    notice: Notice, address: Address, way: Way, target: str, due_at: datetime | None
) -> None:
    queue = outbox.services.queue_email if way == Way.EMAIL else outbox.services.queue_sms
    delivery: Delivery = queue(
        "notification",
        target,
        {"notice": notice, "name": address.name},
        account_id=notice.account_id,
        due_at=due_at,
        urgent=due_at is None,
    )
    NoticeDelivery.objects.create(
        account_id=notice.account_id,
        notice=notice,
        delivery=delivery,
        name=address.name,
        channel=way,
        target=target,
    )
