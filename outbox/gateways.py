"""The ways out: the mail server and the SMS provider."""

from __future__ import annotations

import json
import logging
import smtplib
from abc import ABC, abstractmethod
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from .choices import Channel
from .models import Delivery

log = logging.getLogger(__name__)


class Undeliverable(Exception):
    """The other side refused this message for good: trying again is useless."""


class Gateway(ABC):
    """One way out. Used for one run of a worker, then closed."""

    @abstractmethod
    def send(self, delivery: Delivery) -> None:
        """Hand the message over. Raises Undeliverable, or OSError when it may be tried again."""

    def close(self) -> None:  # noqa: B027  most gateways hold nothing open
        """End what is open."""


class MailGateway(Gateway):
    """Django's e-mail backend, over one connection for the whole run.

    The Message-ID is the same at every try: an e-mail that was accepted, but whose worker died
    before it could note it, arrives twice with one identity.
    """

    def __init__(self) -> None:
        self._connection = get_connection()

    def send(self, delivery: Delivery) -> None:
        message = EmailMultiAlternatives(
            delivery.subject,
            delivery.body,
            to=[delivery.target],
            headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
            connection=self._connection,
        )
        if delivery.html:
            message.attach_alternative(delivery.html, "text/html")
        if delivery.attachment:
            with default_storage.open(delivery.attachment) as file:
                message.attach(delivery.attachment_name, file.read())
        try:
            self._connection.open()
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            self._refused(code, reply, error)
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            self._refused(error.smtp_code, error.smtp_error, error)
        except ValueError as error:  # an address or header that cannot be written
            raise Undeliverable(str(error)) from error
        except OSError:
            self.close()
            raise

    def _refused(self, code: int, reply: bytes | str, error: OSError) -> None:
        self.close()
        if code >= 500:
            text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
            raise Undeliverable(f"{code} {text}") from error
        raise error

    def close(self) -> None:
        self._connection.close()


class SmsGateway(Gateway):
    """Base of the SMS gateways; ``settings.SMS_GATEWAY`` names the one that is used."""


class DemoSmsGateway(SmsGateway):
    """Sends nothing: the Outbox page of the demo shows the message."""

    def send(self, delivery: Delivery) -> None:
        log.info("SMS %s is shown on the Outbox page", delivery.uid)


class HttpSmsGateway(SmsGateway):
    """Posts each SMS as JSON to ``settings.SMS_GATEWAY_URL``, with a bearer token.

    ``{"to": "+63…", "text": "…", "reference": "<uid>"}``; the reference is also the
    ``Idempotency-Key``, so that a repeated post is not a second SMS. Any 2xx answer means accepted.
    """

    TIMEOUT = 20  # seconds

    def send(self, delivery: Delivery) -> None:
        if urlsplit(settings.SMS_GATEWAY_URL).scheme not in ("http", "https"):
            raise OSError("SMS_GATEWAY_URL is not set to a web address")
        payload = {"to": delivery.target, "text": delivery.body, "reference": str(delivery.uid)}
        request = Request(  # noqa: S310  the scheme was checked
            settings.SMS_GATEWAY_URL,
            data=json.dumps(payload).encode(),
            headers={
                "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(delivery.uid),
            },
        )
        try:
            urlopen(request, timeout=self.TIMEOUT).close()  # noqa: S310
        except HTTPError as error:
            if 400 <= error.code < 500 and error.code not in (401, 403, 408, 429):
                raise Undeliverable(f"{error.code} {error.reason}") from error
            raise


def message_id(delivery: Delivery) -> str:
    """The Message-ID of an e-mail, the same at every try."""
    return f"<{delivery.uid}@{urlsplit(settings.PORTAL_URL).hostname}>"


def open_gateways() -> dict[str, Gateway]:
    """A gateway for each channel."""
    return {
        Channel.EMAIL: MailGateway(),
        Channel.SMS: import_string(settings.SMS_GATEWAY)(),
    }
