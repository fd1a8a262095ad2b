"""Queueing messages. Called inside the business transaction; nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

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


def queue_email(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    account_id: int | None = None,
    due_at: datetime | None = None,
    urgent: bool = True,
    secret: bool = False,
) -> Delivery:
    """Queue one e-mail from ``templates/emails/<template>.txt`` (and ``.html``, if there is one).

    The first line of the text template is ``Subject: …``. ``due_at`` (aware) holds it back; without
    it the e-mail leaves at once. ``secret`` wipes the text after sending.
    """
    draft = draft_email(template, context)
    return _queue(
        channel=Channel.EMAIL,
        target=to,
        template=template,
        subject=draft.subject,
        body=draft.body,
        html=draft.html,
        account_id=account_id,
        due_at=due_at,
        urgent=urgent,
        secret=secret,
    )


def queue_sms(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    account_id: int | None = None,
    due_at: datetime | None = None,
    urgent: bool = True,
    secret: bool = False,
) -> Delivery:
    """Queue one SMS from ``templates/sms/<template>.txt``. ``to`` is E.164 (``+639175552291``)."""
    return _queue(
        channel=Channel.SMS,
        target=to,
        template=template,
        body=render_to_string(f"sms/{template}.txt", _context(context)).strip(),
        account_id=account_id,
        due_at=due_at,
        urgent=urgent,
        secret=secret,
    )


@transaction.atomic(durable=True)
def retry(actor: Actor, *, delivery_id: int) -> None:
    """Queue a failed delivery once more, with all its tries. Raises NotFound when it is not failed."""
    actor.require(OPERATE_DELIVERIES)
    failed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).exclude(body="")
    if not failed.update(state=DeliveryState.QUEUED, tries=0, due_at=clock.now()):
        raise NotFound
    nudge_on_commit(SEND_TASK)


def _queue(*, due_at: datetime | None, **values: Any) -> Delivery:
    moment = clock.now()
    delivery = Delivery.objects.create(queued_at=moment, due_at=due_at or moment, **values)
    if delivery.due_at <= moment:
        nudge_on_commit(SEND_TASK)
    return delivery


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
