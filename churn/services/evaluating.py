"""The daily evaluation: whose usage has fallen (04-ALV-02). The rule is in ``churn.rules``.

Goes through the live associations in portions, each in a transaction that also notes how far it came:
killed anywhere, the next run goes on there, and of runs at once each portion is one's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

import audit.services
from accounts.queries.actors import operator_job
from audit.services import Change
from customers.models import Association

from .. import rules
from ..choices import Scenario
from ..locks import lock_evaluation
from ..models import CustomerAlert, Evaluation
from ..rules import Drop, Window

#: Associations that one transaction looks at.
AT_ONCE = 5_000

#: Products whose usage has fallen, of associations that may be alerted again: nothing open, nothing
#: answered lately. Resources that stand still because the account is frozen are no sign of leaving.
FALLEN = """
WITH daily AS (
    SELECT s.association_id, s.service_type_id, s.spent_on, sum(s.list_amount) AS amount
    FROM customers_association a
    JOIN metering_dailyspend s ON s.customer_id = a.customer_id AND s.association_id = a.id
        AND s.spent_on BETWEEN %(first)s AND %(last)s
    WHERE a.id = ANY(%(ids)s) AND s.mode = 'usage' AND s.bill_type = 'expenditure'
        AND NOT EXISTS (SELECT FROM budgets_freezestate f
            WHERE f.association_id = a.id AND f.state = 'resources')
        AND NOT EXISTS (SELECT FROM churn_customeralert c
            WHERE c.association_id = a.id AND c.scenario = %(scenario)s
                AND (c.status = 'unhandled' OR c.handled_at >= %(quiet)s
                    OR c.lost AND c.handled_at >= %(quiet_when_lost)s))
    GROUP BY s.association_id, s.service_type_id, s.spent_on
), usual AS (
    SELECT association_id, service_type_id, sum(amount) AS total
    FROM daily WHERE spent_on < %(recent)s
    GROUP BY association_id, service_type_id HAVING sum(amount) >= %(least)s * %(usual)s
), judged AS (
    SELECT u.association_id, u.service_type_id, u.total / %(usual)s AS usual,
        coalesce(sum(d.amount), 0) / %(days)s AS recent, %(days)s - count(*) FILTER (
            WHERE d.amount * %(usual)s * 100 >= u.total * (100 - %(drop)s)) AS low
    FROM usual u LEFT JOIN daily d ON d.association_id = u.association_id
        AND d.service_type_id = u.service_type_id AND d.spent_on >= %(recent)s
    GROUP BY u.association_id, u.service_type_id, u.total
)
SELECT j.association_id, t.name, j.low, j.usual, j.recent
FROM judged j JOIN catalog_servicetype t ON t.id = j.service_type_id
WHERE j.low >= %(dropped)s AND j.recent < j.usual
ORDER BY j.association_id, j.usual - j.recent DESC, t.name
"""


def evaluate(day: date, moment: datetime) -> int:
    """Raise the alerts of this day, unless that is done; returns how many were raised by this call."""
    Evaluation.objects.get_or_create(day=day, defaults={"started_at": moment})
    raised = 0
    while (more := _evaluate_next(day, moment)) is not None:
        raised += more
    return raised


@transaction.atomic(durable=True)
def _evaluate_next(day: date, moment: datetime) -> int | None:
    """Look at the next portion; None when the day is finished."""
    run = lock_evaluation(day)
    if run.finished_at:
        return None
    rows = Association.objects.live().filter(pk__gt=run.through).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    alerts = _raise(_fallen(ids, day), day, moment)
    run.through = ids[-1] if ids else run.through
    run.raised += len(alerts)
    run.finished_at = moment if len(ids) < AT_ONCE else None
    run.save(update_fields=["through", "raised", "finished_at"])
    return len(alerts)


def _fallen(association_ids: Sequence[int], day: date) -> dict[int, list[Drop]]:
    """By association: the products whose usage has fallen, the largest loss first."""
    found: dict[int, list[Drop]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FALLEN, figures(association_ids, day))
        for association_id, *drop in cursor.fetchall():
            found[association_id].append(Drop(*drop))
    return found


def figures(association_ids: Sequence[int], day: date) -> dict[str, Any]:
    """The parameters of FALLEN."""
    window = Window.before(day)
    return {
        "ids": list(association_ids),
        "first": window.first,
        "recent": window.recent,
        "last": window.last,
        "scenario": Scenario.USAGE.value,
        "quiet": rules.midnight(day, rules.QUIET),
        "quiet_when_lost": rules.midnight(day, rules.QUIET_WHEN_LOST),
        "usual": rules.USUAL,
        "days": rules.RECENT,
        "drop": rules.DROP,
        "dropped": rules.DROPPED,
        "least": rules.LEAST,
    }


def _raise(fallen: dict[int, list[Drop]], day: date, moment: datetime) -> list[CustomerAlert]:
    if not fallen:
        return []
    associations = Association.objects.select_related("customer").in_bulk(list(fallen))
    alerts = CustomerAlert.objects.bulk_create(
        CustomerAlert(
            account_id=association.account_id,
            association=association,
            scenario=Scenario.USAGE,
            day=day,
            details={"drops": [drop.stored() for drop in fallen[key][: rules.NAMED]]},
            raised_at=moment,
        )
        for key, association in associations.items()
    )
    audit.services.record_each(
        operator_job("churn.evaluate"),
        (
            Change("churn.alert.raised", alert, after=alert.details, account_id=alert.account_id)
            for alert in alerts
        ),
    )
    return alerts
