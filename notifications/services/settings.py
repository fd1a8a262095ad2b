"""SMS & Email Settings: channels and recipients of each type of message (04-RCP-01 to 04)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .. import locks, queries
from ..catalogue import MessageType
from ..models import Recipient, TypeRecipient, TypeSetting
from ..permissions import MANAGE_SETTINGS
from ..policies import Channels
from ..refusals import RecipientExists
from .telling import Fact, notify


@transaction.atomic(durable=True)
def set_channels(actor: Actor, *, chosen: Mapping[str, Channels]) -> None:
    """Set the channels of types of message, by code. Raises NotFound for an unknown type."""
    actor.require(MANAGE_SETTINGS)
    locks.lock_settings(actor.account_id)
    kinds = [queries.get_type(actor, code) for code in chosen]
    before = queries.chosen_channels_of([(actor.account_id, kind.code) for kind in kinds])
    for kind in kinds:
        old, new = before[actor.account_id, kind.code], chosen[kind.code]
        if new != old:
            _write_channels(actor, kind, old, new)


def _write_channels(actor: Actor, kind: MessageType, before: Channels, after: Channels) -> None:
    TypeSetting.objects.update_or_create(
        account_id=actor.account_id, type=kind.code, defaults=vars(after)
    )
    audit.services.record(
        actor,
        "notifications.channels.set",
        before={"type": kind.code, **vars(before)},
        after={"type": kind.code, **vars(after)},
    )


@transaction.atomic(durable=True)
def set_recipients(actor: Actor, *, code: str, recipient_ids: Collection[int]) -> None:
    """Replace the recipients of one type of message (04-RCP-02).

    Raises NotFound for an unknown type or a recipient that is not the account's.
    """
    actor.require(MANAGE_SETTINGS)
    kind = queries.get_type(actor, code)
    locks.lock_settings(actor.account_id)
    chosen = list(queries.list_recipients(actor).filter(pk__in=recipient_ids))
    if len(chosen) != len(set(recipient_ids)):
        raise NotFound
    links = TypeRecipient.objects.visible_to(actor).filter(type=code)
    before = list(links.order_by("recipient__email").values_list("recipient__email", flat=True))
    after = sorted(recipient.email for recipient in chosen)
    if before == after:
        return
    links.exclude(recipient__in=chosen).delete()
    TypeRecipient.objects.bulk_create(
        (TypeRecipient(account_id=actor.account_id, type=code, recipient=r) for r in chosen),
        ignore_conflicts=True,
    )
    _tell(actor, kind, before, after)


def _tell(actor: Actor, kind: MessageType, before: list[str], after: list[str]) -> None:
    written = audit.services.record(
        actor,
        "notifications.recipients.set",
        before={"type": kind.code, "recipients": before},
        after={"type": kind.code, "recipients": after},
    )
    facts: list[Fact] = [
        (_("Message type"), f"{kind.category.label}, {kind.label}"),
        (_("Recipients before"), ", ".join(before) or "--"),
        (_("Recipients now"), ", ".join(after) or "--"),
        (_("Changed by"), actor.name),
        (_("Time"), written.at),
    ]
    notify(
        actor,
        account_id=actor.account_id,
        type="settings_changed",
        key=f"recipients:{written.uid}",
        template="recipients_changed",
        context={"type": kind.label},
        facts=facts,
        link=queries.settings_path(),
        link_label=_("SMS & Email Settings"),
    )


@transaction.atomic(durable=True)
def create_recipient(actor: Actor, *, name: str, email: str, phone: str) -> Recipient:
    """Add a recipient to the account (04-RCP-02). ``phone`` is E.164. Raises RecipientExists."""
    actor.require(MANAGE_SETTINGS)
    try:
        with transaction.atomic():
            recipient = Recipient.objects.create(
                account_id=actor.account_id,
                name=name,
                email=email,
                phone=phone,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise RecipientExists(email) from error
    audit.services.record(
        actor, "notifications.recipient.created", recipient, after=_plain(recipient)
    )
    return recipient


@transaction.atomic(durable=True)
def change_recipient(
    actor: Actor, *, recipient_id: int, name: str, email: str, phone: str
) -> Recipient:
    """Change a recipient. Raises NotFound, RecipientExists."""
    actor.require(MANAGE_SETTINGS)
    recipient = locks.lock_recipient(actor, recipient_id)
    before = _plain(recipient)
    recipient.name, recipient.email, recipient.phone = name, email, phone
    if before == _plain(recipient):
        return recipient
    try:
        with transaction.atomic():
            recipient.save(update_fields=["name", "email", "phone"])
    except IntegrityError as error:
        raise RecipientExists(email) from error
    audit.services.record(
        actor,
        "notifications.recipient.changed",
        recipient,
        before=before,
        after=_plain(recipient),
    )
    return recipient


@transaction.atomic(durable=True)
def delete_recipient(actor: Actor, *, recipient_id: int) -> None:
    """Delete a recipient, who then gets no message of any type. Raises NotFound."""
    actor.require(MANAGE_SETTINGS)
    recipient = locks.lock_recipient(actor, recipient_id)
    types = sorted(recipient.types.values_list("type", flat=True))
    audit.services.record(
        actor,
        "notifications.recipient.deleted",
        recipient,
        before={**_plain(recipient), "types": types},
    )
    recipient.delete()


def _plain(recipient: Recipient) -> dict[str, str]:
    return {"name": recipient.name, "email": recipient.email, "phone": recipient.phone}
