"""Telling the operator that a bill run is late (05 C-01)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

import outbox.services
from accounts.queries.registration import operator_email
from partner_center.clock import BillingCycle

from ..choices import PartState, RunState
from ..models import BillRun, RunPart
from ..rules import periods


@transaction.atomic
def tell_if_late(cycle: BillingCycle, moment: datetime) -> bool:
    """Mail the operator once when the run is not finished by noon of the 5th; whether it was told."""
    if moment < periods.issue_until(cycle):
        return False
    late = BillRun.objects.select_for_update().filter(
        cycle=str(cycle), state=RunState.RUNNING, alarmed_at=None
    )
    if (run := late.first()) is None:
        return False
    parts = RunPart.objects.filter(run=run).exclude(state=PartState.ISSUED)
    outbox.services.queue_email(
        "bill_run_late",
        operator_email(),
        {
            "cycle": run.cycle,
            "waiting": parts.filter(state=PartState.WAITING).count(),
            "parked": list(parts.filter(state=PartState.PARKED).select_related("account")[:50]),
            "portal_url": settings.PORTAL_URL,
        },
    )
    run.alarmed_at = moment
    run.save(update_fields=["alarmed_at"])
    return True
