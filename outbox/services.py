"""Queueing messages. Called inside the business transaction; nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from partner_center import clock

from .choices import Channel
from .models import Delivery


def queue_email(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    account_id: int | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """Queue one e-mail from ``templates/emails/<template>.txt`` (and ``.html``, if there is one).

    The first line of the text template is ``Subject: …``. ``due_at`` (aware) holds it back.
    """
    text = render_to_string(f"emails/{template}.txt", _context(context))
    subject, _newline, body = text.partition("\n")
    moment = clock.now()
    return Delivery.objects.create(
        account_id=account_id,
        channel=Channel.EMAIL,
        target=to,
        template=template,
        subject=subject.removeprefix("Subject:").strip(),
        body=body.strip() + "\n",
        queued_at=moment,
        due_at=due_at or moment,
    )


def queue_sms(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    account_id: int | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """Queue one SMS from ``templates/sms/<template>.txt``. ``to`` is E.164 (``+639175552291``)."""
    moment = clock.now()
    return Delivery.objects.create(
        account_id=account_id,
        channel=Channel.SMS,
        target=to,
        template=template,
        body=render_to_string(f"sms/{template}.txt", _context(context)).strip(),
        queued_at=moment,
        due_at=due_at or moment,
    )


def _context(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "portal_name": settings.PORTAL_NAME,
        "portal_url": settings.PORTAL_URL,
        **context,
    }
