"""Refusing what was already received (docs/mechanisms/api.md)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ..models import SeenSignature
from ..refusals import AlreadyReceived

#: Signatures have a resolution of one second: two equal reads in it look the same and may both pass.
READS_MAY_REPEAT_FOR = timedelta(seconds=2)


@transaction.atomic(durable=True)
def accept_once(
    signature: str, *, moment: datetime, expires_at: datetime, reads_only: bool
) -> None:
    """Remember the signature. Raises AlreadyReceived when it was accepted before.

    An operation that only reads may repeat within two seconds of the first arrival. Of two
    requests at once, the table's key lets one be the first.
    """
    seen, is_new = SeenSignature.objects.get_or_create(
        signature=signature, defaults={"first_seen_at": moment, "expires_at": expires_at}
    )
    if not is_new and not (reads_only and moment - seen.first_seen_at <= READS_MAY_REPEAT_FOR):
        raise AlreadyReceived


def forget_expired(*, moment: datetime) -> int:
    """Delete signatures whose date is too old to be accepted anyway; how many there were."""
    deleted, _per_table = SeenSignature.objects.filter(expires_at__lt=moment).delete()
    return deleted
