"""Reads of the notifications: the user's messages, and who gets what by which way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.choices import UserStatus
from accounts.models import Account, User
from accounts.queries.actors import role_permissions
from partner_center import permissions
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from . import catalogue, policies
from .catalogue import MessageType
from .choices import Category, ReachState, Way
from .models import (
    Message,
    MessageQuerySet,
    Notice,
    NoticeDelivery,
    Recipient,
    RecipientTest,
    TypeRecipient,
    TypeSetting,
)
from .permissions import MANAGE_SETTINGS, READ_MESSAGES
from .policies import Channels

# --- The user's messages --------------------------------------------------------------------


def list_messages(actor: Actor, *, category: str = "") -> MessageQuerySet:
    """The user's messages, newest first, of all categories or of one."""
    actor.require(READ_MESSAGES)
    found = Message.objects.visible_to(actor).select_related("notice").order_by("-id")
    if category:
        found = found.filter(notice__type__in=catalogue.codes_of(Category(category)))
    return found


def get_message(actor: Actor, message_id: int) -> Message:
    """One message of the user. Raises NotFound."""
    found = list_messages(actor).filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return found


def unread_count(actor: Actor) -> int:
    """Number beside the bell."""
    return Message.objects.visible_to(actor).unread().count() if actor.user_id else 0


@dataclass(frozen=True)
class Reach:
    """How a notice reached one recipient."""

    name: str
    way: Way
    target: str
    state: ReachState
    at: datetime | None
    error: str = ""


def reach_of(actor: Actor, notice: Notice) -> list[Reach]:
    """Whom a notice reached, by which way and how far: people of the account only (04-RCP-03).

    E-mails and SMS first. Raises NotFound for another account's notice.
    """
    if notice.account_id != actor.account_id:
        raise NotFound
    sent = NoticeDelivery.objects.filter(notice=notice).select_related("delivery").order_by("id")
    read = Message.objects.filter(notice=notice).select_related("user").order_by("user__username")
    return [
        *(
            Reach(
                d.name,
                Way(d.channel),
                d.target,
                ReachState(d.delivery.state),
                d.delivery.sent_at or d.delivery.due_at,
                d.delivery.last_error,
            )
            for d in sent
        ),
        *(
            Reach(
                str(m.user),
                Way.PORTAL,
                m.user.username,
                ReachState.READ if m.read_at else ReachState.SENT,
                m.read_at or notice.created_at,
            )
            for m in read
        ),
    ]


def counts_by_way(notice: Notice) -> dict[str, int]:
    """How many recipients a notice was sent to, by e-mail and by SMS."""
    found = NoticeDelivery.objects.filter(notice=notice).order_by().values("channel")
    return {row["channel"]: row["number"] for row in found.annotate(number=Count("id"))}


# --- Who gets what --------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """Somebody whom e-mail and SMS go to."""

    name: str
    email: str
    phone: str


#: An account's id and the code of a message type.
TypeOf = tuple[int, str]


def addresses_of(wanted: Collection[TypeOf]) -> dict[TypeOf, list[Address]]:
    """The recipients of each type, else the account's administrator, by e-mail only (04-RCP-04).

    Three queries at most.
    """
    links = TypeRecipient.objects.filter(
        account__in={key for key, _code in wanted}, type__in={code for _key, code in wanted}
    )
    found: dict[TypeOf, list[Address]] = {}
    for link in links.select_related("recipient").order_by("id"):
        address = Address(link.recipient.name, link.recipient.email, link.recipient.phone)
        found.setdefault((link.account_id, link.type), []).append(address)
    without = {each for each in wanted if each not in found}
    administrators = administrators_of({key for key, _code in without})
    return found | {each: [administrators[each[0]]] for each in without}


def administrators_of(account_ids: Collection[int]) -> dict[int, Address]:
    """The main user of each account, with the e-mail address that messages go to."""
    if not account_ids:
        return {}
    mains = User.objects.filter(account__in=account_ids, is_main=True).order_by("-pk")
    users = {user.account_id: user for user in mains}
    return {
        key: Address(
            str(users.get(key) or account),
            (key in users and users[key].email) or account.email,
            "",
        )
        for key, account in Account.objects.in_bulk(list(account_ids)).items()
    }


def channels_of_each(wanted: Collection[TypeOf]) -> dict[TypeOf, Channels]:
    """What messages of each type travel by: the account's choice, narrowed by its partner's."""
    lines = {
        (key, code): (key, rule)
        for key, code in wanted
        if (rule := catalogue.get(code).customer_rule)
    }
    limits = policies.limits(set(lines.values()))
    return {
        each: chosen & limits[lines[each]] if lines.get(each) in limits else chosen
        for each, chosen in chosen_channels_of(wanted).items()
    }


def channels_of(account_id: int, kind: MessageType) -> Channels:
    """:func:`channels_of_each` of one."""
    return channels_of_each([(account_id, kind.code)])[account_id, kind.code]


def chosen_channels_of(wanted: Collection[TypeOf]) -> dict[TypeOf, Channels]:
    """Each account's own choice, else the type's default."""
    rows = TypeSetting.objects.filter(
        account__in={key for key, _code in wanted}, type__in={code for _key, code in wanted}
    )
    chosen = {(row.account_id, row.type): Channels(row.email, row.sms) for row in rows}
    return {
        (key, code): chosen.get((key, code)) or default_channels(catalogue.get(code))
        for key, code in wanted
    }


def default_channels(kind: MessageType) -> Channels:
    """What a type travels by before the account has chosen."""
    return Channels(kind.email, kind.sms)


#: An account's id and a permission.
Readers = tuple[int, str]


def readers_of(wanted: Collection[Readers]) -> dict[Readers, list[int]]:
    """Users of each account that hold a permission; all normal users when it is empty.

    Three queries at most.
    """
    asked: dict[int, list[str]] = {}
    for key, permission in wanted:
        asked.setdefault(key, []).append(permission)
    found: dict[Readers, list[int]] = {each: [] for each in wanted}
    for user in _normal_users(asked.keys(), any(permission for _key, permission in wanted)):
        for permission in asked[user.account_id]:
            if not permission or permission in _permissions_of(user):
                found[user.account_id, permission].append(user.pk)
    return found


def _normal_users(account_ids: Collection[int], with_roles: bool) -> QuerySet[User]:
    users = User.objects.filter(account__in=account_ids, status=UserStatus.NORMAL).order_by("id")
    if not with_roles:
        return users
    return users.select_related("account").prefetch_related("role_assignments__role")


def _permissions_of(user: User) -> Iterable[str]:
    audience = user.account.audience
    if user.is_main:
        return permissions.codes(audience)
    held = (role_permissions(link.role, audience) for link in user.role_assignments.all())
    return frozenset().union(*held)


# --- SMS & Email Settings -------------------------------------------------------------------


@dataclass(frozen=True)
class TypeRow:
    """One line of SMS & Email Settings."""

    kind: MessageType
    channels: Channels
    recipients: list[Recipient] = field(default_factory=list)


def settings_rows(actor: Actor) -> list[TypeRow]:
    """All types of message of the actor's account with channels and recipients. Three queries."""
    actor.require(MANAGE_SETTINGS)
    chosen = {s.type: s for s in TypeSetting.objects.visible_to(actor)}
    recipients: dict[str, list[Recipient]] = {}
    links = TypeRecipient.objects.visible_to(actor).select_related("recipient")
    for link in links.order_by("recipient__name", "id"):
        recipients.setdefault(link.type, []).append(link.recipient)
    return [
        TypeRow(
            kind,
            Channels(chosen[kind.code].email, chosen[kind.code].sms)
            if kind.code in chosen
            else default_channels(kind),
            recipients.get(kind.code, []),
        )
        for kind in catalogue.types_for(actor.audience)
    ]


def get_type(actor: Actor, code: str) -> MessageType:
    """A type of message that the actor's account gets. Raises NotFound."""
    actor.require(MANAGE_SETTINGS)
    for kind in catalogue.types_for(actor.audience):
        if kind.code == code:
            return kind
    raise NotFound


def list_recipients(actor: Actor) -> QuerySet[Recipient]:
    """The recipients of the actor's account."""
    actor.require(MANAGE_SETTINGS)
    return Recipient.objects.visible_to(actor).order_by("name", "id")


def get_recipient(actor: Actor, recipient_id: int) -> Recipient:
    """One recipient of the actor's account. Raises NotFound."""
    found = list_recipients(actor).filter(pk=recipient_id).first()
    if found is None:
        raise NotFound
    return found


def recipients_of(actor: Actor, code: str) -> list[int]:
    """Keys of the recipients of one type."""
    links = TypeRecipient.objects.visible_to(actor).filter(type=code)
    return list(links.values_list("recipient_id", flat=True))


def recipient_choices(actor: Actor) -> list[tuple[str, str]]:
    """The recipients of the actor's account, to tick: key and words."""
    return [(str(r.pk), f"{r.name} · {r.email} · {r.phone}") for r in list_recipients(actor)]


def own_administrator(actor: Actor) -> Address:
    """Who gets the e-mails of the actor's account while a type has no recipient (04-RCP-04)."""
    actor.require(MANAGE_SETTINGS)
    return administrators_of([actor.account_id])[actor.account_id]


def settings_path() -> str:
    """Address of SMS & Email Settings, for links in messages."""
    return reverse("notifications:settings")


# --- Tests ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """Where a test message goes; ``recipient_id`` None: the administrator."""

    name: str
    way: Way
    address: str
    recipient_id: int | None


#: Tests that the dialog shows.
LAST_TESTS = 10


def targets_of_recipient(actor: Actor, recipient_id: int) -> list[Target]:
    """Both addresses of a recipient. Raises NotFound."""
    recipient = get_recipient(actor, recipient_id)
    return _targets([recipient], Channels(email=True, sms=True))


def targets_of_type(actor: Actor, code: str) -> list[Target]:
    """Where messages of a type go now: its recipients, else the administrator by e-mail.

    Raises NotFound for a type that the account does not get.
    """
    kind = get_type(actor, code)
    channels = channels_of(actor.account_id, kind)
    recipients = list(list_recipients(actor).filter(types__type=code))
    if recipients:
        return _targets(recipients, channels)
    administrator = own_administrator(actor)
    if not (channels.email and administrator.email):
        return []
    return [Target(administrator.name, Way.EMAIL, administrator.email, None)]


def _targets(recipients: Iterable[Recipient], channels: Channels) -> list[Target]:
    """Each address once: two recipients may share a phone."""
    found: dict[str, Target] = {}
    for each in recipients:
        for way, wanted, address in (
            (Way.EMAIL, channels.email, each.email),
            (Way.SMS, channels.sms, each.phone),
        ):
            if wanted and address:
                found.setdefault(address, Target(each.name, way, address, each.pk))
    return list(found.values())


def last_tests(actor: Actor, targets: Iterable[Target]) -> list[RecipientTest]:
    """The last tests of these addresses, newest first."""
    actor.require(MANAGE_SETTINGS)
    rows = RecipientTest.objects.visible_to(actor).filter(target__in=[t.address for t in targets])
    return list(rows.select_related("delivery").order_by("-sent_at", "-pk")[:LAST_TESTS])
