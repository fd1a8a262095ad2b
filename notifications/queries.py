"""Reads of the notifications: the user's messages, and who gets what by which way."""

from __future__ import annotations

from collections.abc import Iterable
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


def addresses_for(account: Account, code: str) -> list[Address]:
    """The recipients of a type, else the account's administrator, by e-mail only (04-RCP-04)."""
    links = TypeRecipient.objects.filter(account=account, type=code).select_related("recipient")
    chosen = [
        Address(link.recipient.name, link.recipient.email, link.recipient.phone)
        for link in links.order_by("id")
    ]
    return chosen or [administrator_of(account)]


def administrator_of(account: Account) -> Address:
    """The main user of an account, with the e-mail address that messages go to."""
    main = User.objects.filter(account=account, is_main=True).first()
    return Address(str(main or account), (main and main.email) or account.email, "")


def channels_of(account_id: int, kind: MessageType) -> Channels:
    """What a message of the type travels by: the account's choice, narrowed by its partner's."""
    chosen = chosen_channels(account_id, kind)
    return (
        policies.narrowed(chosen, account_id, kind.customer_rule) if kind.customer_rule else chosen
    )


def chosen_channels(account_id: int, kind: MessageType) -> Channels:
    """The account's own choice, else the type's default."""
    setting = TypeSetting.objects.filter(account_id=account_id, type=kind.code).first()
    return Channels(setting.email, setting.sms) if setting else Channels(kind.email, kind.sms)


def users_with(account_id: int, permission: str) -> list[int]:
    """Users of an account that hold a permission; all normal users when it is empty. Two queries."""
    users = User.objects.filter(account_id=account_id, status=UserStatus.NORMAL).select_related(
        "account"
    )
    if not permission:
        return list(users.order_by("id").values_list("id", flat=True))
    users = users.order_by("id").prefetch_related("role_assignments__role")
    return [user.pk for user in users if permission in _permissions_of(user)]


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
            else Channels(kind.email, kind.sms),
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
    return administrator_of(Account.objects.get(pk=actor.account_id))


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
