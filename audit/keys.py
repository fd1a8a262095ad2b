"""Keys of the audit trail. Nobody who only has the database knows them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class AuditKeys:
    """One key for records, one for the chain."""

    record: bytes
    chain: bytes


def current() -> AuditKeys:
    """The keys that new records and seals are written with."""
    return accepted()[0]


def accepted() -> list[AuditKeys]:
    """The keys of all of AUDIT_SECRETS: the first one writes, all of them verify."""
    return [_derive(secret.encode()) for secret in settings.AUDIT_SECRETS]


def _derive(secret: bytes) -> AuditKeys:
    return AuditKeys(
        record=hmac.digest(secret, b"partner_center.audit.record", "sha256"),
        chain=hmac.digest(secret, b"partner_center.audit.chain", "sha256"),
    )
