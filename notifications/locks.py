"""Locks of the notifications."""

from __future__ import annotations

from accounts.models import Account
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import Recipient


def lock_settings(account_id: int) -> None:
    """Let one change of an account's message settings follow the other."""
    list(Account.objects.select_for_update(no_key=True).filter(pk=account_id).values_list("pk"))


def lock_recipient(actor: Actor, recipient_id: int) -> Recipient:
    """A recipient of the actor's account, locked. Raises NotFound."""
    recipients = Recipient.objects.visible_to(actor).select_for_update()
    recipient = recipients.filter(pk=recipient_id).first()
    if recipient is None:
        raise NotFound
    return recipient
