"""Queueing messages. Called inside the business transaction; nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from partner_center import clock
from partner_center.actors import Actor
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import NotFound

from .choices import Channel, DeliveryState
from .models import Delivery
from .permissions import OPERATE_DELIVERIES

#: Name of the task that sends (outbox.tasks); called by name, because services know no tasks.
SEND_TASK = "outbox.send_deliveries"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an e-mail: its path in the private storage, its name for the reader.

    It is read when the e-mail is sent, so it must stay where it is.
    """

    path: str = ""
    name: str = ""


@dataclass(frozen=True)
class Draft:
    """An e-mail as it would be sent."""

    subject: str
    body: str
    html: str = ""


def draft_email(template: str, context: Mapping[str, Any]) -> Draft:
    """The e-mail that ``queue_email`` would queue, for previews; nothing is queued."""
    values = _context(context)
    subject, _newline, body = render_to_string(f"emails/{template}.txt", values).partition("\n")
    return Draft(
        subject=subject.removeprefix("Subject:").strip()[:200],
        body=body.strip() + "\n",
        html=_html(template, values),
    )


@dataclass(frozen=True)
class Outgoing:
    """One message to be queued. ``due_at`` (aware) holds it back; without it it leaves at once.

    ``secret`` wipes the text after sending; ``language`` is what it is written in, that of the caller
    when empty.
    """

    channel: Channel
    template: str
    to: str
    context: Mapping[str, Any]
    account_id: int | None = None
    due_at: datetime | None = None
    urgent: bool = True
    secret: bool = False
    language: str = ""
    #: Of e-mails only.
    attachment: Attachment = Attachment()


def queue_each(messages: Sequence[Outgoing]) -> list[Delivery]:
    """Queue any number of messages, in one statement; returns their deliveries in the same order.

    E-mails are written from ``templates/emails/<template>.txt`` (and ``.html``, if there is one), whose
    first line is ``Subject: …``; SMS from ``templates/sms/<template>.txt``, to numbers as of E.164
    (``+639175552291``).
    """
    moment = clock.now()
    deliveries = Delivery.objects.bulk_create(_delivery(each, moment) for each in messages)
    if any(delivery.due_at <= moment for delivery in deliveries):
        nudge_on_commit(SEND_TASK)
    return deliveries


def queue_email(template: str, to: str, context: Mapping[str, Any], **options: Any) -> Delivery:
    """Queue one e-mail; ``options`` are those of :class:`Outgoing`."""
    return queue_each([Outgoing(Channel.EMAIL, template, to, context, **options)])[0]


def queue_sms(template: str, to: str, context: Mapping[str, Any], **options: Any) -> Delivery:
    """Queue one SMS; ``options`` are those of :class:`Outgoing`."""
    return queue_each([Outgoing(Channel.SMS, template, to, context, **options)])[0]


@transaction.atomic(durable=True)
def retry(actor: Actor, *, delivery_id: int) -> None:
    """Queue a failed delivery once more, with all its tries. Raises NotFound when it is not failed."""
    actor.require(OPERATE_DELIVERIES)
    failed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).exclude(body="")
    if not failed.update(state=DeliveryState.QUEUED, tries=0, due_at=clock.now()):
        raise NotFound
    nudge_on_commit(SEND_TASK)


def _delivery(message: Outgoing, moment: datetime) -> Delivery:
    with translation.override(message.language) if message.language else nullcontext():
        draft = _draft(message)
    return Delivery(
        channel=message.channel,
        target=message.to,
        template=message.template,
        subject=draft.subject,
        body=draft.body,
        html=draft.html,
        attachment=message.attachment.path,
        attachment_name=message.attachment.name,
        account_id=message.account_id,
        queued_at=moment,
        due_at=message.due_at or moment,
        urgent=message.urgent,
        secret=message.secret,
    )


def _draft(message: Outgoing) -> Draft:
    if message.channel == Channel.EMAIL:
        return draft_email(message.template, message.context)
    text = render_to_string(f"sms/{message.template}.txt", _context(message.context))
    return Draft(subject="", body=text.strip())


def _html(template: str, values: dict[str, Any]) -> str:
    try:
        return render_to_string(f"emails/{template}.html", values)
    except TemplateDoesNotExist:
        return ""


def _context(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "portal_name": settings.PORTAL_NAME,
        "portal_url": settings.PORTAL_URL,
        **context,
    }
