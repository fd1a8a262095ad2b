"""Sources of records: who may send them."""

from __future__ import annotations

from django.db import transaction

import audit.services
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import UsageSource
from ..permissions import OPERATE_USAGE


@transaction.atomic(durable=True)
def switch(actor: Actor, source_id: int) -> UsageSource:
    """Let an active source send no more records, and an inactive one send again. Raises NotFound."""
    actor.require(OPERATE_USAGE)
    source = UsageSource.objects.select_for_update(no_key=True).filter(pk=source_id).first()
    if source is None:
        raise NotFound
    source.is_active = not source.is_active
    source.save(update_fields=["is_active"])
    audit.services.record(
        actor,
        "metering.source.switched",
        source,
        before={"is_active": not source.is_active},
        after={"is_active": source.is_active},
    )
    return source
