"""Secrets that must be read again are encrypted at rest (access keys).

``settings.FIELD_ENCRYPTION_KEYS``: the first key encrypts, every key decrypts, so that a new key is
put in front and the old one stays until everything was encrypted again.
"""

from __future__ import annotations

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


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
