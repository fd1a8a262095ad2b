"""The check of budgets: thresholds are told once, exhausted budgets freeze (04-BFM-04 to BFM-08).

One use case for every way in: customers whose spend has just changed, and every hour all of them.
Found out in one statement over all budgets, acted on in small transactions that lock the customers and
look again; so it may be killed anywhere, and any number of checks may run at once. It never unfreezes
and never weakens a hold (04 D-15).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from accounts.queries.actors import operator_job
from customers.models import Association
from partner_center.clock import BillingCycle

from ..choices import AlertKind, BudgetType, ExhaustionAction, HoldOwner, Strength
from ..locks import lock_live
from ..models import Budget, BudgetAlert, FreezeHold, PendingAlert
from ..rules import wording
from ..rules.usage import EXHAUSTED
from . import holds, turning

#: Customers that one transaction locks.
AT_ONCE = 1_000

#: What each budget has used and which threshold that reaches. Monthly budgets read one cycle; those
#: without spend reach nothing and are left out.
REACHED = """
WITH used AS (
    SELECT b.association_id, sum(s.list_amount) AS used
    FROM budgets_budget b
    JOIN metering_monthlyspend s ON s.customer_id = b.customer_id
        AND s.association_id = b.association_id AND s.model = 'reseller' AND s.cycle = %(cycle)s
    WHERE b.type = 'monthly' AND b.amount > 0 {narrowed}
    GROUP BY b.association_id
    UNION ALL
    SELECT b.association_id, sum(s.list_amount)
    FROM budgets_budget b
    JOIN metering_monthlyspend s ON s.customer_id = b.customer_id
        AND s.association_id = b.association_id AND s.model = 'reseller'
        AND s.cycle BETWEEN b.counts_from AND %(cycle)s
    WHERE b.type = 'one_time' AND b.amount > 0 {narrowed}
    GROUP BY b.association_id
), reached AS (
    SELECT b.association_id, b.type, b.amount, b.action, b.arming, u.used,
        CASE WHEN b.type = 'monthly' THEN %(cycle)s ELSE '' END AS period,
        CASE WHEN b.type = 'monthly' AND b.period <> %(cycle)s THEN 0 ELSE b.level END AS told,
        CASE WHEN u.used >= b.amount THEN 100
            WHEN u.used * 100 >= b.amount * 90 THEN 90
            ELSE 75 END AS level
    FROM used u JOIN budgets_budget b ON b.association_id = u.association_id
    WHERE u.used * 100 >= b.amount * 75
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
    associations = {row.pk: row for row in lock_live(association_ids)}
    list(Budget.objects.filter(pk__in=associations).order_by("pk").select_for_update())
    rows = _rows(CROSSED, _OF_ASSOCIATIONS, list(associations), moment)
    crossings = [Crossing(*row) for row in rows]
    placed = _freeze([each for each in crossings if each.strength], associations, moment)
    alerts = _alert(crossings, associations, placed, moment)
    return Outcome(alerts=len(alerts), frozen=len(placed))


def _freeze(
    crossings: Iterable[Crossing], associations: dict[int, Association], moment: datetime
) -> dict[int, FreezeHold]:
    """Place budget holds; by association those that were placed now."""
    placements = [
        holds.Placement(
            associations[each.association_id],
            each.strength,
            wording.exhausted(each.type, each.amount, each.used),
        )
        for each in crossings
        if each.strength
    ]
    if not placements:
        return {}
    actor = operator_job("budgets.check")
    changes = holds.place_each(
        actor, placements, owner=HoldOwner.BUDGET, moment=moment, tells=False
    )
    live = FreezeHold.objects.filter(
        association__in=[change.association.pk for change in changes],
        owner=HoldOwner.BUDGET,
        released_at=None,
    )
    return {hold.association_id: hold for hold in live}


def _alert(
    crossings: Sequence[Crossing],
    associations: dict[int, Association],
    placed: dict[int, FreezeHold],
    moment: datetime,
) -> list[BudgetAlert]:
    """Enter what is to be told, and note the thresholds as told."""
    told = [each for each in crossings if each.level > each.told]
    again = [
        each for each in crossings if each.level <= each.told and each.association_id in placed
    ]
    alerts = BudgetAlert.objects.bulk_create(
        _entry(each, kind, associations, placed, moment)
        for kind, rows in ((AlertKind.THRESHOLD, told), (AlertKind.FROZEN_AGAIN, again))
        for each in rows
    )
    PendingAlert.objects.bulk_create(PendingAlert(alert=alert) for alert in alerts)
    _note_levels(told)
    return alerts


def _entry(
    crossing: Crossing,
    kind: AlertKind,
    associations: dict[int, Association],
    placed: dict[int, FreezeHold],
    moment: datetime,
) -> BudgetAlert:
    return BudgetAlert(
        account_id=associations[crossing.association_id].account_id,
        association_id=crossing.association_id,
        kind=kind,
        threshold=crossing.level if kind == AlertKind.THRESHOLD else None,
        budget_type=BudgetType(crossing.type),
        period=crossing.period,
        arming=crossing.arming,
        amount=crossing.amount,
        used=crossing.used,
        action=crossing.action,
        hold=placed.get(crossing.association_id),
        at=moment,
    )


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
