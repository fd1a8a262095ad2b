"""Secrets that must be read again are encrypted at rest (access keys).

``settings.FIELD_ENCRYPTION_KEYS``: the first key encrypts, every key decrypts, so that a new key is
put in front and the old one stays until everything was encrypted again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(secret: str) -> str:
    """The secret as printable text that only this installation can read."""
    return _fernet().encrypt(secret.encode()).decode()


def decrypt(text: str) -> str:
    """What was encrypted. Raises cryptography.fernet.InvalidToken when no key fits."""
    return _fernet().decrypt(text.encode()).decode()


def encrypt_again(text: str) -> str:
    """The same secret under the first key, for when keys are exchanged."""
    return _fernet().rotate(text.encode()).decode()


def digest(text: str) -> str:
    """What equal texts have in common without telling them: keyed, 64 hexadecimal digits."""
    return _digest(text, settings.FIELD_ENCRYPTION_KEYS[0])


def digests(text: str) -> list[str]:
    """The digests under all keys: also those that were written before a key was exchanged."""
    return [_digest(text, key) for key in settings.FIELD_ENCRYPTION_KEYS]


def _digest(text: str, key: str) -> str:
    return hmac.new(key.encode(), b"digest:" + text.encode(), hashlib.sha256).hexdigest()


#: What is encrypted in the apps: name in words → encrypts all of it again, tells how many rows.
_stores: dict[str, Callable[[], int]] = {}


def add_store(label: str, encrypt_all_again: Callable[[], int]) -> None:
    """Name something that ``manage.py encrypt_again`` covers."""
    _stores[label] = encrypt_all_again


def stores() -> dict[str, Callable[[], int]]:
    """Everything that was named."""
    return dict(_stores)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
