"""Writing the audit trail. Called by every service, inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from partner_center import clock
from partner_center.actors import Actor

from .models import OperationRecord


def record(
    actor: Actor,
    action: str,
    target: models.Model | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    account_id: int | None = None,
) -> OperationRecord:
    """Write one record in the running transaction.

    ``action`` is dotted: app.object.verb in the past tense (``accounts.user.created``). ``before``
    and ``after`` hold only the fields that changed, as plain JSON values, and never a secret.
    ``account_id`` is the tenant concerned; the actor's own when absent.
    """
    return OperationRecord.objects.create(
        account_id=account_id or actor.account_id,
        at=clock.now(),
        action=action,
        actor_account_id=actor.account_id,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        door=actor.door,
        ip=actor.ip,
        request_id=actor.request_id,
        code_verified=bool(actor.code),
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=str(target)[:200] if target else "",
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
