"""Exchange of the encryption key: numbers of certificates, encrypted and digested again."""

from __future__ import annotations

from partner_center import encryption

from ..models import RealNameApplication

_BATCH = 500
_FIELDS = ("number_encrypted", "legal_number_encrypted", "number_digest")


def encrypt_all_again() -> int:
    """Write every number under the first key, in the running transaction; how many applications."""
    rows = list(RealNameApplication.objects.select_for_update().order_by("id"))
    for row in rows:
        row.number_digest = encryption.digest(encryption.decrypt(row.number_encrypted))
        row.number_encrypted = encryption.encrypt_again(row.number_encrypted)
        if row.legal_number_encrypted:
            row.legal_number_encrypted = encryption.encrypt_again(row.legal_number_encrypted)
    RealNameApplication.objects.bulk_update(rows, _FIELDS, batch_size=_BATCH)
    return len(rows)
