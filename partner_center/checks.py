"""System checks: what a real installation must not start without.

``manage.py check`` shows them; web server, worker and beat ask :func:`refuse_unsafe_start`, since
neither gunicorn nor Celery stops for a failed check. Demo mode and tests may use demo secrets.
"""

from __future__ import annotations

import base64
import ctypes
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50
#: Backends that send nothing.
SILENT_BACKENDS = ("locmem", "console", "dummy", "filebased")


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured, with a sentence per error, if settings are unfit for real use."""
    errors = [message for message in check_settings() if message.is_serious()]
    if errors:
        sentences = "\n".join(f"  {e.id}: {e.msg} {e.hint or ''}".rstrip() for e in errors)
        raise ImproperlyConfigured(f"Partner Center does not start:\n{sentences}")


@register()
def check_settings(**_kwargs: Any) -> list[CheckMessage]:
    """Secrets, addresses and e-mail of a real installation."""
    if settings.DEMO_MODE or settings.TESTING:
        return []
    return [*_secret_key(), *_field_keys(), *_addresses(), *_email()]


def _secret_key() -> Iterator[CheckMessage]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own word for an empty one
        key = ""
    if len(key) < SHORTEST_SECRET or key == settings.DEMO_SECRET_KEY:
        yield Error(
            "SECRET_KEY is missing, too short, or the one of the demo.",
            hint=f"Set it to at least {SHORTEST_SECRET} random characters.",
            id="partner_center.E001",
        )


def _field_keys() -> Iterator[CheckMessage]:
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys or settings.DEMO_FIELD_KEY in keys or not all(map(_is_field_key, keys)):
        yield Error(
            "FIELD_ENCRYPTION_KEYS is missing, malformed, or the one of the demo.",
            hint="Each key is 32 random bytes in url-safe base64: openssl rand -base64 32 | tr +/ -_",
            id="partner_center.E002",
        )


def _is_field_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def _addresses() -> Iterator[CheckMessage]:
    url = urlsplit(settings.PORTAL_URL)
    if url.scheme not in ("http", "https") or not url.hostname or url.path:
        yield Error(
            f"PORTAL_URL is not an address of the portal: {settings.PORTAL_URL!r}.",
            hint="Write it as https://portal.example.com, without a path or a slash at the end.",
            id="partner_center.E003",
        )
    elif not _is_allowed(url.hostname):
        yield Error(
            f"ALLOWED_HOSTS does not name the host of PORTAL_URL, {url.hostname}.",
            hint="Requests to the portal's own address would be refused.",
            id="partner_center.E004",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS allows every host.",
            hint="Name the hosts: links in emails and redirects are made from them.",
            id="partner_center.E005",
        )


def _is_allowed(host: str) -> bool:
    return any(
        host == allowed or (allowed.startswith(".") and f".{host}".endswith(allowed))
        for allowed in settings.ALLOWED_HOSTS
    )


def _email() -> Iterator[CheckMessage]:
    if any(f".{name}." in settings.EMAIL_BACKEND for name in SILENT_BACKENDS):
        yield Error(
            f"EMAIL_BACKEND sends nothing: {settings.EMAIL_BACKEND}.",
            hint="Remove it to send by SMTP (EMAIL_HOST, EMAIL_PORT, …).",
            id="partner_center.E006",
        )


@register()
def check_pango(**_kwargs: Any) -> list[CheckMessage]:
    """WeasyPrint loads Pango when it draws the first document; better to know before."""
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        return [
            checks.Warning(
                "PDF documents need Pango, which is missing; everything else works.",
                hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="partner_center.W001",
            )
        ]
    return []
