"""Customers whose budget is to be looked at next: queued with the change, checked once committed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from partner_center import clock
from partner_center.nudging import nudge_on_commit

from ..models import PendingCheck
from . import checking

#: Name of the task that checks (budgets.tasks); called by name, because services know no tasks.
CHECK_TASK = "budgets.check_touched"
#: Entries that one transaction takes from the queue.
AT_ONCE = 2_000
#: Transactions of one run; the next run goes on.
RUN = 100

_TAKE = """
DELETE FROM budgets_pendingcheck WHERE id IN (
    SELECT id FROM budgets_pendingcheck ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING customer_id
"""


def enqueue(customer_ids: Collection[int], moment: datetime) -> None:
    """Have these customers checked when the caller's transaction is through."""
    PendingCheck.objects.bulk_create(
        (PendingCheck(customer_id=customer_id, at=moment) for customer_id in sorted(customer_ids)),
        batch_size=5_000,
    )
    nudge_on_commit(CHECK_TASK)


def check_pending() -> checking.Outcome:
    """Check everybody in the queue. Any number of workers may do this at once."""
    outcome = checking.Outcome()
    for _run in range(RUN):
        found = _check_some()
        if found is None:
            break
        outcome.add(found)
    return outcome


@transaction.atomic(durable=True)
def _check_some() -> checking.Outcome | None:
    """Take some entries and check their customers, in one transaction; None when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [AT_ONCE])
        customer_ids = {customer_id for (customer_id,) in cursor.fetchall()}
    if not customer_ids:
        return None
    return checking.check_customers(customer_ids, clock.now())
