"""What users do with their own messages."""

from __future__ import annotations

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .. import queries
from ..models import Message, MessageQuerySet
from ..permissions import READ_MESSAGES


@transaction.atomic(durable=True)
def mark_read(actor: Actor, *, message_id: int) -> None:
    """Mark one message as read. Raises NotFound."""
    actor.require(READ_MESSAGES)
    _own(actor, message_id).unread().update(read_at=clock.now())


@transaction.atomic(durable=True)
def mark_unread(actor: Actor, *, message_id: int) -> None:
    """Mark one message as not read. Raises NotFound."""
    actor.require(READ_MESSAGES)
    _own(actor, message_id).update(read_at=None)


@transaction.atomic(durable=True)
def mark_all_read(actor: Actor, *, category: str = "") -> int:
    """Mark all messages of the user, or of one category, as read; returns how many were not."""
    actor.require(READ_MESSAGES)
    wanted = queries.list_messages(actor, category=category).order_by().unread()
    return Message.objects.filter(pk__in=wanted.values("pk")).update(read_at=clock.now())


@transaction.atomic(durable=True)
def delete(actor: Actor, *, message_id: int) -> None:
    """Take one message out of the user's own Message Center. Raises NotFound."""
    actor.require(READ_MESSAGES)
    _own(actor, message_id).update(deleted_at=clock.now())


def _own(actor: Actor, message_id: int) -> MessageQuerySet:
    found = Message.objects.visible_to(actor).filter(pk=message_id)
    if not found.exists():
        raise NotFound
    return found
