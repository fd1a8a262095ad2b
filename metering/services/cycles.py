"""Closing billing cycles: from then on what comes late for one is an adjustment of a later one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from partner_center.clock import BillingCycle

from ..models import ClosedCycle
from ..refusals import CycleNotOver
from . import calendar


@transaction.atomic
def close(cycle: str, moment: datetime) -> None:
    """Close a cycle (YYYY-MM, GMT+08:00); once closed it stays so, closing again changes nothing.

    Waits for intakes and payments that are just writing charges. Called inside the transaction of the
    bill run, which has asked for permission. Raises CycleNotOver, ValueError when it is no cycle.
    """
    if BillingCycle.parse(cycle).end > moment:
        raise CycleNotOver
    calendar.hold_open()
    ClosedCycle.objects.get_or_create(cycle=cycle, defaults={"closed_at": moment})
