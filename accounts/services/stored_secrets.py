"""Exchange of the encryption key: everything that is encrypted at rest, encrypted again."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from partner_center import encryption

from ..models import AccessKey

#: Entries of an authenticator's data that are encrypted (accounts.adapters.PortalMFAAdapter).
_AUTHENTICATOR_SECRETS = ("secret", "seed")


@transaction.atomic(durable=True)
def encrypt_all_again() -> dict[str, int]:
    """Encrypt all secrets of all apps under the first encryption key; how many of each kind."""
    return {label: again() for label, again in encryption.stores().items()}


def access_keys() -> int:
    """Secrets of access keys."""
    keys = list(AccessKey.objects.select_for_update().exclude(sk_encrypted="").order_by("id"))
    for key in keys:
        key.sk_encrypted = encryption.encrypt_again(key.sk_encrypted)
    AccessKey.objects.bulk_update(keys, ["sk_encrypted"], batch_size=500)
    return len(keys)


def authenticators() -> int:
    """Second factors."""
    rows = list(Authenticator.objects.select_for_update().order_by("id"))
    for row in rows:
        for name in set(_AUTHENTICATOR_SECRETS) & set(row.data):
            row.data[name] = encryption.encrypt_again(row.data[name])
    Authenticator.objects.bulk_update(rows, ["data"], batch_size=500)
    return len(rows)
