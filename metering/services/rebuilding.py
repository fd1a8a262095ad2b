"""The derived tables of one cycle, made again from its records and put in the place of the old ones.

All in one transaction, which the database takes back as a whole when the process is killed. Until it
ends everybody reads the old tables; intakes, and payments of this cycle, wait.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

import audit.services
from partner_center.actors import Actor
from partner_center.clock import BillingCycle

from ..permissions import OPERATE_USAGE
from . import calendar, charging, parties, pricing, rating, rollups, statements

#: Records that are charged at a time.
CHUNK = 50_000

MAKE = """
CREATE TABLE {new} (LIKE {parent} INCLUDING ALL EXCLUDING IDENTITY)
"""
#: What the old tables said, to compare, and then as if the cycle had no charges yet.
KEEP_OLD = (
    """DROP TABLE IF EXISTS metering_old_tier, metering_old_reserved, metering_old_savings,
        metering_old_package, metering_old_daily, metering_old_monthly""",
    """CREATE TEMP TABLE metering_old_tier ON COMMIT DROP AS
    SELECT customer_id, product_id, region_id, quantity FROM metering_tieruse WHERE cycle = %(cycle)s""",
    """CREATE TEMP TABLE metering_old_reserved ON COMMIT DROP AS
    SELECT resource_id, hour, used FROM metering_reserveduse WHERE cycle = %(cycle)s""",
    """CREATE TEMP TABLE metering_old_savings ON COMMIT DROP AS
    SELECT resource_id, hour, used FROM metering_savingsuse WHERE cycle = %(cycle)s""",
    """CREATE TEMP TABLE metering_old_package ON COMMIT DROP AS
    SELECT id, used FROM resources_packagequota
    WHERE account_id IN (SELECT customer_id FROM metering_packagededuction WHERE cycle = %(cycle)s)
        OR account_id IN (SELECT customer_id FROM metering_usagerecord WHERE cycle = %(cycle)s)""",
    """CREATE TEMP TABLE metering_old_daily ON COMMIT DROP AS
    SELECT * FROM metering_dailyspend WHERE cycle = %(cycle)s""",
    """CREATE TEMP TABLE metering_old_monthly ON COMMIT DROP AS
    SELECT * FROM metering_monthlyspend WHERE cycle = %(cycle)s""",
)
TAKE_BACK = (
    """UPDATE resources_packagequota q SET used = q.used - d.used
    FROM (SELECT quota_id, sum(used) AS used FROM metering_packagededuction WHERE cycle = %(cycle)s
          GROUP BY quota_id) d
    WHERE d.quota_id = q.id""",
    "DELETE FROM metering_tieruse WHERE cycle = %(cycle)s",
    "DELETE FROM metering_reserveduse WHERE cycle = %(cycle)s",
    "DELETE FROM metering_savingsuse WHERE cycle = %(cycle)s",
    "DELETE FROM metering_dailyspend WHERE cycle = %(cycle)s",
    "DELETE FROM metering_monthlyspend WHERE cycle = %(cycle)s",
)
#: Record by record, in the order in which they came.
LOAD = """
INSERT INTO metering_resolved
SELECT id, '', line, source_id, intake_id, key, fingerprint, kind, customer_id, product_id, region_id,
    resource_id, resource_name, usage, size, points, list_cost, list_unit_price,
    started_at, ended_at, charged_at, cycle, origin_cycle, spent_on, accepted_at,
    least(CASE WHEN extra ? 'order' THEN charged_at ELSE started_at END, accepted_at), extra
FROM metering_usagerecord WHERE cycle = %(cycle)s AND id > %(after)s ORDER BY id LIMIT %(chunk)s
"""
LAST = "SELECT count(*), max(id) FROM metering_resolved"
#: How many rows of the two sides differ in any value. Numbers of roll-ups and deductions are new ones.
DIFFERENCES = {
    "charges": """
        SELECT count(*) FROM {old_charges} a FULL JOIN {new_charges} b ON a.record_id = b.record_id
        WHERE a IS DISTINCT FROM b""",
    "deductions": """
        SELECT count(*) FROM (
            (SELECT record_id, quota_id, used, before FROM {old_deductions}
             EXCEPT ALL SELECT record_id, quota_id, used, before FROM {new_deductions})
            UNION ALL
            (SELECT record_id, quota_id, used, before FROM {new_deductions}
             EXCEPT ALL SELECT record_id, quota_id, used, before FROM {old_deductions})) d""",
    "tiers": """
        SELECT count(*) FROM metering_old_tier a
        FULL JOIN (SELECT * FROM metering_tieruse WHERE cycle = %(cycle)s) b
            ON a.customer_id = b.customer_id AND a.product_id = b.product_id
            AND coalesce(a.region_id, 0) = coalesce(b.region_id, 0)
        WHERE a.quantity IS DISTINCT FROM b.quantity""",
    "reserved": """
        SELECT count(*) FROM metering_old_reserved a
        FULL JOIN (SELECT * FROM metering_reserveduse WHERE cycle = %(cycle)s) b
            ON a.resource_id = b.resource_id AND a.hour = b.hour
        WHERE a.used IS DISTINCT FROM b.used""",
    "savings": """
        SELECT count(*) FROM metering_old_savings a
        FULL JOIN (SELECT * FROM metering_savingsuse WHERE cycle = %(cycle)s) b
            ON a.resource_id = b.resource_id AND a.hour = b.hour
        WHERE a.used IS DISTINCT FROM b.used""",
    "packages": """
        SELECT count(*) FROM metering_old_package a JOIN resources_packagequota b ON a.id = b.id
        WHERE a.used IS DISTINCT FROM b.used""",
    "daily": """
        SELECT count(*) FROM (({old_daily} EXCEPT ALL {new_daily})
            UNION ALL ({new_daily} EXCEPT ALL {old_daily})) d""",
    "monthly": """
        SELECT count(*) FROM (({old_monthly} EXCEPT ALL {new_monthly})
            UNION ALL ({new_monthly} EXCEPT ALL {old_monthly})) d""",
}
_SPEND = (
    "SELECT cycle, customer_id, association_id, partner_id, distributor_id, model, service_type_id, "
    "product_id, region_id, mode, bill_type, charges, list_amount, discount_amount{day} FROM {table}"
)
TOTALS = "SELECT count(*), coalesce(sum(list_amount), 0) FROM {charges}"
#: A deduction says how much was used before it, also by records that were charged in other cycles.
BEFORE = """
UPDATE {new_deductions} n SET before = o.before
FROM (
    SELECT record_id, quota_id, coalesce(sum(used) OVER (PARTITION BY quota_id ORDER BY record_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (
        SELECT record_id, quota_id, used FROM metering_packagededuction
        WHERE cycle <> %(cycle)s AND quota_id IN (SELECT quota_id FROM {new_deductions})
        UNION ALL SELECT record_id, quota_id, used FROM {new_deductions}
    ) every
) o
WHERE n.record_id = o.record_id AND n.quota_id = o.quota_id AND n.before <> o.before
"""
#: The rebuilt table takes the name and the place of the old one.
SWAP = (
    "ALTER TABLE {parent} DETACH PARTITION {old}",
    "DROP TABLE {old}",
    "ALTER TABLE {new} RENAME TO {old}",
    "ALTER TABLE {parent} ATTACH PARTITION {old} FOR VALUES IN ('{cycle}')",
    """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {old}
    FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change()""",
)


@dataclass(frozen=True)
class Outcome:
    """What a rebuild found. Amounts in USD; ``differences`` counts rows, by table."""

    cycle: str
    records: int
    charges_before: int
    charges_after: int
    list_amount_before: Decimal
    list_amount_after: Decimal
    differences: dict[str, int]
    replaced: bool

    @property
    def equal(self) -> bool:
        """Whether everything is what it was, to the last digit."""
        return not any(self.differences.values())

    def as_dict(self) -> dict[str, object]:
        """For the JSON line of the command."""
        amounts = {
            name: format(value, "f") if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }
        return {**amounts, "equal": self.equal}


@dataclass(frozen=True)
class _Names:
    cycle: str

    @property
    def suffix(self) -> str:
        return self.cycle.replace("-", "_")

    @property
    def tables(self) -> dict[str, str]:
        return {
            "old_charges": f"metering_charge_{self.suffix}",
            "new_charges": f"metering_charge_{self.suffix}_new",
            "old_deductions": f"metering_packagededuction_{self.suffix}",
            "new_deductions": f"metering_packagededuction_{self.suffix}_new",
            "old_daily": _SPEND.format(table="metering_old_daily", day=", spent_on"),
            "new_daily": _SPEND.format(table="metering_dailyspend", day=", spent_on")
            + " WHERE cycle = %(cycle)s",
            "old_monthly": _SPEND.format(table="metering_old_monthly", day=""),
            "new_monthly": _SPEND.format(table="metering_monthlyspend", day="")
            + " WHERE cycle = %(cycle)s",
        }


def rebuild(actor: Actor, cycle: str, moment: datetime) -> Outcome:
    """Make charges, tiers, deductions, reserved use and roll-ups of a cycle again from its records.

    They replace the old ones; those of a closed cycle are only compared, for they have been billed.
    Raises ValueError when ``cycle`` is no cycle.
    """
    actor.require(OPERATE_USAGE)
    names = _Names(str(BillingCycle.parse(cycle)))
    with transaction.atomic(durable=False):
        # Customers, calendar, cycle: in the order in which everybody locks them.
        parties.lock_all()
        is_closed = names.cycle in calendar.read().closed
        calendar.take(names.cycle)
        point = transaction.savepoint()
        outcome = _rebuild(names, moment, replaces=not is_closed)
        if is_closed:
            transaction.savepoint_rollback(point)
        audit.services.record(actor, "metering.cycle.rebuilt", after=outcome.as_dict())
    return outcome


def _rebuild(names: _Names, moment: datetime, *, replaces: bool) -> Outcome:
    cycle = {"cycle": names.cycle}
    statements.prepare()
    for part, parent in (
        ("charges", "metering_charge"),
        ("deductions", "metering_packagededuction"),
    ):
        statements.run(MAKE.format(new=names.tables[f"new_{part}"], parent=parent))
    for statement in (*KEEP_OLD, *TAKE_BACK):
        statements.run(statement, cycle)
    records = _charge(names, moment)
    statements.run(BEFORE.format(**names.tables), cycle)
    outcome = _compare(names, records, replaces=replaces)
    if replaces:
        _swap(names)
    return outcome


def _charge(names: _Names, moment: datetime) -> int:
    """Charge all records of the cycle, chunk after chunk; how many there are."""
    after, records = 0, 0
    while True:
        statements.prepare()
        statements.run(LOAD, {"cycle": names.cycle, "after": after, "chunk": CHUNK})
        count, last = statements.rows(LAST)[0]
        if not count:
            return records
        parties.of_records()
        pricing.of_records()
        rating.cover()
        new = names.tables
        charging.charge(count, new["new_charges"], new["new_deductions"])
        rollups.add(moment)
        after, records = last, records + count


def _compare(names: _Names, records: int, *, replaces: bool) -> Outcome:
    parameters = {"cycle": names.cycle}
    differences = {
        name: statements.value(statement.format(**names.tables), parameters)
        for name, statement in DIFFERENCES.items()
    }
    before, amount_before = statements.rows(TOTALS.format(charges=names.tables["old_charges"]))[0]
    after, amount_after = statements.rows(TOTALS.format(charges=names.tables["new_charges"]))[0]
    return Outcome(
        cycle=names.cycle,
        records=records,
        charges_before=before,
        charges_after=after,
        list_amount_before=amount_before,
        list_amount_after=amount_after,
        differences=differences,
        replaced=replaces,
    )


def _swap(names: _Names) -> None:
    # A table whose keys still wait to be checked cannot be dropped.
    statements.run("SET CONSTRAINTS ALL IMMEDIATE")
    for part, parent in (
        ("charges", "metering_charge"),
        ("deductions", "metering_packagededuction"),
    ):
        place = {
            "parent": parent,
            "old": names.tables[f"old_{part}"],
            "new": names.tables[f"new_{part}"],
            "cycle": names.cycle,
        }
        for statement in SWAP:
            statements.run(statement.format(**place))
    statements.run("SET CONSTRAINTS ALL DEFERRED")
