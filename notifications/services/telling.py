"""Telling accounts something: in the portal, by e-mail, by SMS."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

import outbox.services
from accounts.models import Account
from outbox.choices import Channel
from outbox.services import Outgoing
from partner_center import clock
from partner_center.actors import Actor

from .. import catalogue, queries, rules
from ..choices import Way
from ..models import Message, Notice, NoticeDelivery
from ..policies import Channels
from ..queries import Address

Fact = tuple[str | Promise, Any]
#: What names an event: the account that is told, and the key.
Event = tuple[int, str]

#: Events whose texts are in memory at once.
AT_ONCE = 1_000

_ENTER = """
INSERT INTO notifications_notice (account_id, key, type, title, body, facts, link, link_label,
    created_at)
SELECT account_id, key, type, title, body, facts::jsonb, link, link_label, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[]) WITH ORDINALITY n (account_id, key, type, title, body, facts, link, link_label, place)
ORDER BY place
ON CONFLICT (account_id, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Telling:
    """One event, told to one account.

    ``key`` names the event (``budget:17:2026-11:90``). ``templates/messages/<template>.txt`` gives
    title (first line, ``Subject: …``) and text; ``facts`` are lines of label and value below it, where
    moments are shown in the account's time zone. ``link`` is a path of the portal. Everybody who may
    see messages of the type gets it in the Message Center, narrowed to ``only_users`` when given
    (account managers of a customer); recipients get e-mail and SMS as the account has set it, ordinary
    ones in working hours of its time zone (01-BAS-09); those of an urgent type, or told as ``urgent``,
    at once.
    """

    account_id: int
    type: str
    key: str
    template: str
    context: Mapping[str, Any]
    facts: Iterable[Fact] = ()
    link: str = ""
    link_label: str | Promise = ""
    only_users: Collection[int] | None = None
    urgent: bool = False

    @property
    def event(self) -> Event:
        """What is told once."""
        return self.account_id, self.key

    @property
    def is_urgent(self) -> bool:
        """Whether it leaves at once."""
        return self.urgent or catalogue.get(self.type).urgent


@dataclass(frozen=True)
class _Told:
    """A telling that is told now, with the notice that was entered for it."""

    telling: Telling
    notice: Notice
    account: Account

    @property
    def type_of(self) -> queries.TypeOf:
        return self.telling.account_id, self.telling.type

    @property
    def readers(self) -> queries.Readers:
        return self.telling.account_id, catalogue.get(self.telling.type).permission


def notify(actor: Actor, **event: Any) -> Notice:
    """Tell one account about one event; ``event`` are the fields of :class:`Telling`.

    As :func:`notify_each`; returns the notice, that of the first call when there were several.
    """
    telling = Telling(**event)
    notify_each(actor, [telling])
    return Notice.objects.get(account_id=telling.account_id, key=telling.key)


def notify_each(actor: Actor, tellings: Iterable[Telling]) -> int:
    """Tell accounts about events, inside the transaction of the events; returns how many were new.

    What was told before, under the same key to the same account, changes nothing and sends nothing. The
    number of statements does not grow with the number of tellings, but for one round for each AT_ONCE of
    them. Raises KeyError for an unknown type.
    """
    every = list(tellings)
    return sum(
        _notify_some(every[start : start + AT_ONCE]) for start in range(0, len(every), AT_ONCE)
    )


def _notify_some(tellings: Sequence[Telling]) -> int:
    wanted: dict[Event, Telling] = {}
    for telling in tellings:
        wanted.setdefault(telling.event, telling)
    known = _known(wanted)
    new = [telling for event, telling in wanted.items() if event not in known]
    if not new:
        return 0
    accounts = Account.objects.in_bulk([telling.account_id for telling in new])
    told = _enter(new, accounts)
    _put_into_portal(told)
    _queue_deliveries(told)
    return len(told)


def _known(events: Collection[Event]) -> set[Event]:
    rows = Notice.objects.filter(
        account__in={account_id for account_id, _key in events},
        key__in={key for _id, key in events},
    )
    return set(rows.values_list("account_id", "key"))


def _enter(tellings: Sequence[Telling], accounts: Mapping[int, Account]) -> list[_Told]:
    """Enter the notices that nobody has entered meanwhile, in the order of the tellings."""
    written = [_words(telling, accounts[telling.account_id]) for telling in tellings]
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            [
                clock.now(),
                [telling.account_id for telling in tellings],
                [telling.key for telling in tellings],
                [telling.type for telling in tellings],
                [words["title"] for words in written],
                [words["body"] for words in written],
                [json.dumps(words["facts"]) for words in written],
                [telling.link for telling in tellings],
                [words["link_label"] for words in written],
            ],
        )
        ids = [key for (key,) in cursor.fetchall()]
    by_event = {telling.event: telling for telling in tellings}
    return [
        _Told(by_event[notice.account_id, notice.key], notice, accounts[notice.account_id])
        for notice in Notice.objects.filter(pk__in=ids).order_by("pk")
    ]


def _words(telling: Telling, account: Account) -> dict[str, Any]:
    """Title, text and facts in the account's language and time zone."""
    zone = ZoneInfo(account.time_zone)
    with translation.override(account.language), timezone.override(zone):
        text = render_to_string(
            f"messages/{telling.template}.txt",
            {"portal_name": settings.PORTAL_NAME, **telling.context},
        )
        title, _newline, body = text.partition("\n")
        return {
            "title": title.removeprefix("Subject:").strip()[:200],
            "body": body.strip(),
            "facts": [[str(label), _fact(value, zone)] for label, value in telling.facts],
            "link_label": str(telling.link_label)[:64],
        }


def _fact(value: Any, zone: ZoneInfo) -> str:
    return rules.local_words(value, zone) if isinstance(value, datetime) else str(value)


def _put_into_portal(told: Sequence[_Told]) -> None:
    readers = queries.readers_of({each.readers for each in told})
    Message.objects.bulk_create(
        (
            Message(account_id=each.account.pk, notice=each.notice, user_id=user)
            for each in told
            for user in readers[each.readers]
            if each.telling.only_users is None or user in each.telling.only_users
        ),
        batch_size=5_000,
    )


def _queue_deliveries(told: Sequence[_Told]) -> None:
    types = {each.type_of for each in told}
    channels, addresses = queries.channels_of_each(types), queries.addresses_of(types)
    targets = [
        (each, way, target, address)
        for each in told
        for way, target, address in _targets(addresses[each.type_of], channels[each.type_of])
    ]
    deliveries = outbox.services.queue_each(
        [_outgoing(each, way, target, address) for each, way, target, address in targets]
    )
    NoticeDelivery.objects.bulk_create(
        NoticeDelivery(
            account_id=each.account.pk,
            notice=each.notice,
            delivery=delivery,
            name=address.name,
            channel=way,
            target=target,
        )
        for (each, way, target, address), delivery in zip(targets, deliveries, strict=True)
    )


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


def _outgoing(told: _Told, way: Way, target: str, address: Address) -> Outgoing:
    account, urgent = told.account, told.telling.is_urgent
    return Outgoing(
        Channel.EMAIL if way == Way.EMAIL else Channel.SMS,
        "notification",
        target,
        {"notice": told.notice, "name": address.name},
        account_id=account.pk,
        due_at=None
        if urgent
        else rules.next_working_moment(told.notice.created_at, ZoneInfo(account.time_zone)),
        urgent=urgent,
        language=account.language,
    )
