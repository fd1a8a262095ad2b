"""The check of budgets: thresholds are told once, exhausted budgets freeze (04-BFM-04 to BFM-08).

One use case for every way in: customers whose spend has just changed, and every hour all of them.
Found out in one statement over all budgets, acted on in small transactions that lock the customers and
look again; so it may be killed anywhere, and any number of checks may run at once. It never unfreezes
and never weakens a hold (04 D-15).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from accounts.queries.actors import operator_job
from customers.models import Association
from partner_center.clock import BillingCycle

from ..choices import ExhaustionAction, HoldOwner, Strength
from ..locks import lock_live_keys
from ..models import Budget, FreezeHold
from ..rules import wording
from ..rules.usage import EXHAUSTED
from . import holds, turning

#: Customers that one transaction locks.
AT_ONCE = 2_000

#: Which threshold each budget has reached. Monthly budgets read one cycle; those below the first
#: threshold, and without spend, are left out. Budgets are read once: all their columns hang on the key.
REACHED = """
WITH used AS (
    SELECT b.association_id, b.type, b.amount, b.action, b.arming, sum(s.list_amount) AS used,
        %(cycle)s AS period, CASE WHEN b.period = %(cycle)s THEN b.level ELSE 0 END AS told
    FROM budgets_budget b
    JOIN metering_monthlyspend s ON s.customer_id = b.customer_id
        AND s.association_id = b.association_id AND s.model = 'reseller' AND s.cycle = %(cycle)s
    WHERE b.type = 'monthly' AND b.amount > 0 {narrowed}
    GROUP BY b.association_id
    HAVING sum(s.list_amount) * 100 >= b.amount * 75
    UNION ALL
    SELECT b.association_id, b.type, b.amount, b.action, b.arming, sum(s.list_amount), '', b.level
    FROM budgets_budget b
    JOIN metering_monthlyspend s ON s.customer_id = b.customer_id
        AND s.association_id = b.association_id AND s.model = 'reseller'
        AND s.cycle BETWEEN b.counts_from AND %(cycle)s
    WHERE b.type = 'one_time' AND b.amount > 0 {narrowed}
    GROUP BY b.association_id
    HAVING sum(s.list_amount) * 100 >= b.amount * 75
), reached AS (
    SELECT *, CASE WHEN used >= amount THEN 100 WHEN used * 100 >= amount * 90 THEN 90
        ELSE 75 END AS level
    FROM used
)
"""
#: What there is to do: a threshold that was not told, or an exhausted budget that does not freeze yet.
#: After the release of frozen resources nothing stronger is placed again.
DUE = """
    WHERE r.level > r.told OR r.level = 100 AND r.action <> 'manual' AND NOT EXISTS (
        SELECT FROM budgets_freezehold h
        WHERE h.association_id = r.association_id AND h.owner = 'budget' AND h.released_at IS NULL
            AND (h.strength = 'resources' OR h.after_release OR r.action = 'restrict'))
    ORDER BY r.association_id
"""
FOUND = f"{REACHED} SELECT r.association_id FROM reached r {DUE}"  # noqa: S608  constants
CROSSED = f"""{REACHED}
SELECT r.association_id, r.type, r.amount, r.action, r.arming, r.used, r.period, r.told, r.level
FROM reached r {DUE}"""  # noqa: S608  constants
#: An alert for each threshold that is reached anew, and for each customer that is frozen once more;
#: each is queued to be told. Hands back one row an alert.
ALERTS = """
WITH alert AS (
    INSERT INTO budgets_budgetalert (account_id, association_id, kind, threshold, budget_type, period,
        arming, amount, used, action, hold_id, at)
    SELECT b.account_id, c.id, CASE WHEN c.level > c.told THEN 'threshold' ELSE 'frozen_again' END,
        CASE WHEN c.level > c.told THEN c.level END, b.type, c.period, b.arming, b.amount, c.used,
        b.action, h.id, %(moment)s
    FROM unnest(%(ids)s::bigint[], %(used)s::numeric[], %(periods)s::text[], %(told)s::int[],
        %(levels)s::int[]) c (id, used, period, told, level)
    JOIN budgets_budget b ON b.association_id = c.id
    LEFT JOIN budgets_freezehold h ON h.association_id = c.id AND h.id = ANY(%(placed)s::bigint[])
    WHERE c.level > c.told OR h.id IS NOT NULL
    ORDER BY c.id
    RETURNING id
)
INSERT INTO budgets_pendingalert (alert_id) SELECT id FROM alert
"""
TOLD = """
UPDATE budgets_budget b SET period = n.period, level = n.level, forecast_told =
    CASE WHEN b.period = n.period THEN b.forecast_told END
FROM unnest(%(ids)s::bigint[], %(periods)s::text[], %(levels)s::int[]) n (id, period, level)
WHERE b.association_id = n.id
"""
_ALL = ""
_OF_CUSTOMERS = "AND b.customer_id = ANY(%(ids)s)"
_OF_ASSOCIATIONS = "AND b.association_id = ANY(%(ids)s)"


@dataclass(frozen=True)
class Crossing:
    """A budget with something to do, as the locked look found it."""

    association_id: int
    type: str
    amount: Decimal
    action: str
    arming: int
    used: Decimal
    period: str
    #: Threshold that was told already, and the one that is reached.
    told: int
    level: int

    @property
    def strength(self) -> Strength | None:
        """How much an exhausted budget freezes; None while nothing is to be frozen."""
        if self.level < EXHAUSTED or self.action == ExhaustionAction.MANUAL:
            return None
        freezes = self.action == ExhaustionAction.RESTRICT_FREEZE
        return Strength.RESOURCES if freezes else Strength.ACCOUNT


@dataclass
class Outcome:
    """What a check did."""

    alerts: int = 0
    frozen: int = 0
    #: Partners that are reminded of their frozen customers at the month's turn.
    reminded: int = 0

    def add(self, other: Outcome) -> None:
        """Count what another part did."""
        self.alerts += other.alerts
        self.frozen += other.frozen


def check_all(moment: datetime) -> Outcome:
    """Check every budget, and remind at the month's turn; for the hourly job and ``check_budgets``."""
    outcome = Outcome()
    for ids in _portions(_found(_ALL, (), moment)):
        with transaction.atomic(durable=True):
            outcome.add(_act(ids, moment))
    outcome.reminded = turning.remind(moment)
    return outcome


def check_customers(customer_ids: Collection[int], moment: datetime) -> Outcome:
    """Check the budgets of these customers inside the caller's transaction."""
    return _act(_found(_OF_CUSTOMERS, customer_ids, moment), moment)


def _found(narrowed: str, ids: Collection[int], moment: datetime) -> list[int]:
    rows = _rows(FOUND, narrowed, ids, moment)
    return [association_id for (association_id,) in rows]


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _act(association_ids: Sequence[int], moment: datetime) -> Outcome:
    """Lock the customers, look again, and write everything that follows."""
    if not association_ids:
        return Outcome()
    locked = lock_live_keys(association_ids)
    list(Budget.objects.filter(pk__in=locked).order_by("pk").select_for_update().values_list("pk"))
    crossings = [Crossing(*row) for row in _rows(CROSSED, _OF_ASSOCIATIONS, locked, moment)]
    placed = _freeze([each for each in crossings if each.strength], moment)
    alerts = _alert(crossings, placed, moment)
    _note_levels([each for each in crossings if each.level > each.told])
    return Outcome(alerts=alerts, frozen=len(placed))


def _freeze(crossings: Sequence[Crossing], moment: datetime) -> list[int]:
    """Place budget holds where none is as strong; returns those that were placed now."""
    if not crossings:
        return []
    # Partners are few: each is read once, not beside every customer, of whom the name is enough.
    rows = Association.objects.select_related("customer").prefetch_related("account")
    named = rows.only("account", "customer__name")
    associations = named.in_bulk([each.association_id for each in crossings])
    placements = [
        holds.Placement(
            associations[each.association_id],
            each.strength,
            wording.exhausted(each.type, each.amount, each.used),
        )
        for each in crossings
        if each.strength
    ]
    changes = holds.place_each(
        operator_job("budgets.check"),
        placements,
        owner=HoldOwner.BUDGET,
        moment=moment,
        tells=False,
    )
    live = FreezeHold.objects.filter(
        association__in=[change.association.pk for change in changes],
        owner=HoldOwner.BUDGET,
        released_at=None,
    )
    return list(live.values_list("pk", flat=True))


def _alert(crossings: Sequence[Crossing], placed: Sequence[int], moment: datetime) -> int:
    """Enter what is to be told, and queue it; returns how many alerts."""
    with connection.cursor() as cursor:
        cursor.execute(
            ALERTS,
            {
                "ids": [each.association_id for each in crossings],
                "used": [each.used for each in crossings],
                "periods": [each.period for each in crossings],
                "told": [each.told for each in crossings],
                "levels": [each.level for each in crossings],
                "placed": list(placed),
                "moment": moment,
            },
        )
        return cursor.rowcount


def _note_levels(told: Sequence[Crossing]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            TOLD,
            {
                "ids": [each.association_id for each in told],
                "periods": [each.period for each in told],
                "levels": [each.level for each in told],
            },
        )


def _rows(
    statement: str, narrowed: str, ids: Collection[int], moment: datetime
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(narrowed=narrowed),
            {"cycle": str(BillingCycle.of(moment)), "ids": list(ids)},
        )
        return cursor.fetchall()
