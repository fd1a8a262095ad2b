"""The month's turn: budgets begin anew, frozen customers stay frozen, their partners are reminded.

Monthly budgets begin anew by themselves, because what is used is that of the running cycle; here
partners are told once a month whom they must still unfreeze (04-BFM-10, D-13).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from partner_center.clock import BillingCycle

from ..choices import AlertKind

#: So long after the turn a reminder is still worth sending, should no check have run.
LATE = timedelta(days=3)

#: Partners, and distributors of resellers, with customers that were frozen before the turn and still
#: are. One statement, so that nobody is told twice and a killed run leaves nothing half done.
_REMIND = """
WITH frozen AS (
    SELECT DISTINCT a.account_id
    FROM budgets_freezestate f JOIN customers_association a ON a.id = f.association_id
    WHERE f.state <> 'normal' AND f.since < %(start)s AND a.ended_at IS NULL AND a.model = 'reseller'
), told AS (
    SELECT account_id FROM frozen
    UNION
    SELECT r.account_id FROM frozen
    JOIN resellers_resellerassociation r ON r.reseller_id = frozen.account_id AND r.ended_at IS NULL
), entered AS (
    INSERT INTO budgets_budgetalert
        (account_id, kind, budget_type, period, arming, amount, used, action, at)
    SELECT account_id, %(kind)s, '', %(cycle)s, 0, 0, 0, '', %(moment)s FROM told
    ORDER BY account_id
    ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO budgets_pendingalert (alert_id) SELECT id FROM entered
"""


def remind(moment: datetime) -> int:
    """Enter the reminders of this month's turn; returns how many partners are told."""
    cycle = BillingCycle.of(moment)
    if moment - cycle.start > LATE:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _REMIND,
            {
                "start": cycle.start,
                "cycle": str(cycle),
                "kind": AlertKind.MONTH_TURN,
                "moment": moment,
            },
        )
        return cursor.rowcount
