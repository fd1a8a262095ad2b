"""What is looked after: intakes whose process died, and roll-ups that must add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ..choices import IntakeState
from ..models import Intake
from . import intakes, statements

_TRY = "SELECT pg_try_advisory_xact_lock(hashtext('metering.intake'), hashtext(%(key)s))"
#: Cycle and customer whose charges, daily and monthly sums are not the same.
_WRONG = """
SELECT coalesce(c.cycle, d.cycle, m.cycle), coalesce(c.customer_id, d.customer_id, m.customer_id)
FROM (SELECT cycle, customer_id, count(*) AS charges, sum(list_amount) AS list_amount,
        sum(discount_amount) AS discount_amount
      FROM metering_charge WHERE cycle >= %(since)s GROUP BY cycle, customer_id) c
FULL JOIN (SELECT cycle, customer_id, sum(charges) AS charges, sum(list_amount) AS list_amount,
        sum(discount_amount) AS discount_amount
      FROM metering_dailyspend WHERE cycle >= %(since)s GROUP BY cycle, customer_id) d
    USING (cycle, customer_id)
FULL JOIN (SELECT cycle, customer_id, sum(charges) AS charges, sum(list_amount) AS list_amount,
        sum(discount_amount) AS discount_amount
      FROM metering_monthlyspend WHERE cycle >= %(since)s GROUP BY cycle, customer_id) m
    USING (cycle, customer_id)
WHERE (c.charges, c.list_amount, c.discount_amount)
        IS DISTINCT FROM (d.charges, d.list_amount, d.discount_amount)
    OR (c.charges, c.list_amount, c.discount_amount)
        IS DISTINCT FROM (m.charges, m.list_amount, m.discount_amount)
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Wrong:
    """A cycle of a customer whose roll-ups are not the sums of its charges."""

    cycle: str
    customer_id: int


def mark_interrupted(moment: datetime) -> int:
    """Mark running intakes whose process is gone; how many. Taking the file again resumes them.

    A process holds a lock as long as it lives, so nobody is marked who is only slow.
    """
    marked = 0
    for intake in Intake.objects.filter(state=IntakeState.RUNNING):
        key = intakes.lock_key(intake.source_id, intake.content_hash, intake.shift_months)
        with transaction.atomic():
            if statements.value(_TRY, {"key": key}):
                marked += Intake.objects.filter(pk=intake.pk, state=IntakeState.RUNNING).update(
                    state=IntakeState.INTERRUPTED, finished_at=moment
                )
    return marked


def wrong_sums(since: str) -> list[Wrong]:
    """Where roll-ups differ from charges, in cycles from ``since`` (YYYY-MM) on: nowhere, one hopes."""
    return [Wrong(*row) for row in statements.rows(_WRONG, {"since": since})]
