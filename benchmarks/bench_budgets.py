"""The check of all budgets against bare SQL that does the same work, and how soon a crossing is told.

1,000,000 customers of 500 partners have a budget and have spent under two products this month; 2% of
them stand above a threshold that nobody was told of, a third of these has used up its budget. The bare
SQL finds the same customers and writes the same rows into the same tables with the same triggers
(levels, alerts, holds, freeze records, audit records), in one transaction that is taken back. Then
10,000 customers stream usage, hour by hour, while a worker checks and tells.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter, sleep
from typing import Any

from django.db import connection, transaction

import audit.services
from accounts.models import Account
from audit.models import OperationRecord
from budgets.models import BudgetAlert, PendingAlert, PendingCheck
from budgets.services import alerting, checking, pending
from metering.choices import SourceKind
from metering.services import feeding, intakes
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle

from . import _people
from ._measure import Result, peak_memory, stopwatch
from ._people import execute

PARTNERS = 500
#: One customer in so many has crossed a line; of these one in three has used up its budget.
CROSSING = 50
STREAMING, HOURS = 10_000, 6
#: One streaming customer in so many crosses a line in each hour.
CROSSES = 100


def run(scale: str) -> list[Result]:
    """At most twice the bare SQL, 300 MB; nothing to do: 1.3 times; a crossing is told in 60 s."""
    customers = 1_000_000 if scale == "full" else 100_000
    _fill(customers)
    moment = clock.now()
    bare = _bare(moment)
    execute("VACUUM ANALYZE budgets_budget, budgets_budgetalert, budgets_freezehold")
    with peak_memory() as memory, stopwatch() as full:
        outcome = checking.check_all(moment)
    expected = customers // CROSSING
    if (
        outcome.alerts != expected
        or outcome.frozen != BudgetAlert.objects.exclude(hold=None).count()
    ):
        raise RuntimeError(f"{outcome} of {expected}")
    execute("VACUUM ANALYZE budgets_budget, budgets_budgetalert, budgets_freezehold")
    idle_bare = min(_idle_bare(moment) for _ in range(3))
    idle = min(_idle(moment) for _ in range(3))
    PendingAlert.objects.all().delete()
    waits = _stream()
    return [
        Result("budgets.check", full.seconds, "s", bare, at_most=2),
        Result("budgets.check.memory", memory.megabytes, "MB", at_most=300),
        Result("budgets.check.nothing_to_do", idle, "s", idle_bare, at_most=1.3),
        Result("budgets.crossing.p99", waits[int(len(waits) * 0.99)], "s", at_most=60),
        Result("budgets.crossing.median", waits[len(waits) // 2], "s"),
    ]


# --- Bare SQL ----------------------------------------------------------------------------------

#: The same rows as the check writes, by statement.
_BARE = (
    "CREATE TEMP TABLE bench_crossed ON COMMIT DROP AS " + checking.CROSSED.format(narrowed=""),
    """INSERT INTO budgets_freezehold (account_id, association_id, owner, strength, reason, placed_at)
    SELECT a.account_id, a.id, 'budget', 'account', 'Monthly budget exhausted', %(moment)s
    FROM bench_crossed c JOIN customers_association a ON a.id = c.association_id
    WHERE c.level = 100 AND c.action <> 'manual'""",
    """INSERT INTO budgets_freezerecord (account_id, association_id, action, before, after, origin,
        reason, actor_name, at, code_verified)
    SELECT account_id, association_id, 'freeze_account', 'normal', 'account', 'budget', reason,
        'budgets.check', %(moment)s, false
    FROM budgets_freezehold WHERE owner = 'budget' AND released_at IS NULL""",
    """INSERT INTO budgets_budgetalert (account_id, association_id, kind, threshold, budget_type, period,
        arming, amount, used, action, hold_id, at)
    SELECT a.account_id, a.id, 'threshold', c.level, c.type, c.period, c.arming, c.amount, c.used,
        c.action, h.id, %(moment)s
    FROM bench_crossed c JOIN customers_association a ON a.id = c.association_id
    LEFT JOIN budgets_freezehold h ON h.association_id = a.id AND h.released_at IS NULL""",
    "INSERT INTO budgets_pendingalert (alert_id) SELECT id FROM budgets_budgetalert",
    """UPDATE budgets_budget b SET level = c.level, period = c.period FROM bench_crossed c
    WHERE b.association_id = c.association_id""",
)


def _bare(moment: Any) -> Any:
    """Seconds of the bare SQL; it is taken back."""
    columns = [
        f.column for f in OperationRecord._meta.concrete_fields if f.column not in ("id", "uid")
    ]
    own = [name for name in columns if name not in ("account_id", "target_id")]
    names, taken = ", ".join(own), ", ".join(f"r.{name}" for name in own)
    records = (
        f"INSERT INTO audit_operationrecord (uid, account_id, target_id, {names}) "
        f"SELECT gen_random_uuid(), x.account_id, h.association_id::text, {taken} "
        "FROM budgets_freezehold h JOIN customers_association a ON a.id = h.association_id "
        "CROSS JOIN LATERAL (VALUES (a.account_id), (a.customer_id)) x (account_id) "
        "CROSS JOIN (SELECT * FROM audit_operationrecord ORDER BY id DESC LIMIT 1) r "
        "WHERE h.owner = 'budget' AND h.released_at IS NULL"
    )
    parameters = {"moment": moment, "cycle": str(BillingCycle.of(moment))}
    with transaction.atomic():
        with stopwatch() as watch:
            for statement in (*_BARE, records):
                execute(statement, parameters)
        transaction.set_rollback(True)
    return watch.seconds


def _idle_bare(moment: Any) -> Any:
    with stopwatch() as watch, connection.cursor() as cursor:
        cursor.execute(checking.FOUND.format(narrowed=""), {"cycle": str(BillingCycle.of(moment))})
        cursor.fetchall()
    return watch.seconds


def _idle(moment: Any) -> Any:
    with stopwatch() as watch:
        outcome = checking.check_all(moment)
    if outcome.alerts or outcome.frozen:
        raise RuntimeError(f"{outcome} when there was nothing to do")
    return watch.seconds


# --- Streaming ---------------------------------------------------------------------------------


@dataclass
class _Seen:
    """When batches were committed, and when alerts of customers were told."""

    committed: dict[int, Any] = field(default_factory=dict)
    told: dict[int, Any] = field(default_factory=dict)
    stop: bool = False


def _stream() -> list[Any]:
    """Seconds from the commit of a crossing record to hold and queued message, ascending."""
    customers = _streaming_customers()
    seen = _Seen()
    worker = threading.Thread(target=_work, args=[seen])
    worker.start()
    try:
        for hour in range(HOURS):
            _feed(customers, hour)
            for number in range(hour, len(customers), CROSSES):
                seen.committed[customers[number][0]] = perf_counter()
        while PendingCheck.objects.exists() or PendingAlert.objects.exists():
            sleep(0.05)
    finally:
        seen.stop = True
        worker.join()
    if missing := seen.committed.keys() - seen.told.keys():
        raise RuntimeError(f"{len(missing)} crossings were never told")
    return sorted(max(seen.told[key] - at, 0) for key, at in seen.committed.items())


def _work(seen: _Seen) -> None:
    """What the worker of the portal does when it is nudged."""
    last = BudgetAlert.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    while not seen.stop:
        pending.check_pending()
        while alerting.tell_pending():
            pass
        new = BudgetAlert.objects.filter(pk__gt=last).order_by("pk")
        for key, customer_id in new.values_list("pk", "association__customer_id"):
            last, seen.told[customer_id] = key, perf_counter()
        sleep(0.02)
    connection.close()


def _feed(customers: list[tuple[int, str]], hour: int) -> None:
    """One batch: an hour of everybody; every hundredth crosses 75% with it."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(
        hours=HOURS + 1 - hour
    )
    head = "record_id,customer_id,product_id,region,resource_id,usage,start,end"
    lines = [
        f"s-{public}-{hour},{public},bench-host,bench-region,i-{public},"
        f"{3600 * (76 if number % CROSSES == hour else 1)},"
        f"{start.isoformat()},{(start + timedelta(hours=1)).isoformat()}"
        for number, (_id, public) in enumerate(customers)
    ]
    operator = Account.objects.get(is_operator=True)
    feeding.take_batch(
        Actor.system("bench", operator.pk, operator.name),
        source_name="bench",
        batch_id=f"hour-{hour}",
        content="\n".join([head, *lines]).encode(),
    )


def _streaming_customers() -> list[tuple[int, str]]:
    """Customers with a budget of 100 USD and nothing spent, who pay 1 USD for an hour."""
    execute(
        "DELETE FROM metering_monthlyspend WHERE customer_id IN "
        "(SELECT id FROM accounts_account WHERE name LIKE 'bgc-%%' ORDER BY id LIMIT %s)",
        [STREAMING],
    )
    rows = Account.objects.filter(name__startswith="bgc-").order_by("pk")[:STREAMING]
    found = list(rows.values_list("pk", "public_id"))
    execute(
        "UPDATE budgets_budget SET amount = 100, level = 0, arming = arming + 1 "
        "WHERE customer_id = ANY(%s)",
        [[key for key, _public in found]],
    )
    PendingCheck.objects.all().delete()
    return found


# --- Filling -----------------------------------------------------------------------------------

_CATALOGUE = """
INSERT INTO catalog_measureunit (id, name, abbreviation, measure_type) VALUES
    (990004, 'bench-h', 'bench-h', 99), (990006, 'bench-s', 'bench-s', 99);
INSERT INTO catalog_region (code, name, zones, is_offered, origin)
VALUES ('bench-region', 'Bench', '{}', true, 'catalogue');
INSERT INTO catalog_servicetype (code, name, abbreviation, category, overview, has_percentile_billing,
    page_slug, is_marketplace, origin)
VALUES ('bench.service', 'Bench', '', '', '', false, '', false, 'catalogue');
INSERT INTO catalog_resourcetype (service_type_id, code, name, description, origin)
SELECT id, 'bench.type', 'Bench', '', 'catalogue' FROM catalog_servicetype WHERE code = 'bench.service';
INSERT INTO catalog_usagetype (resource_type_id, code, name, origin)
SELECT id, 'duration', 'Bench', 'catalogue' FROM catalog_resourcetype WHERE code = 'bench.type';
INSERT INTO catalog_product (code, name, service_type_id, resource_type_id, mode, usage_type_id,
    usage_unit_id, pricing_unit_id, conversion_factor, is_spot, is_percentile, settlement,
    takes_partner_discount, on_behalf_kinds, payment_option, package_reset, is_on_sale, origin)
SELECT v.code, v.code, s.id, t.id, 'usage', u.id, 990006, 990004, 3600, false, false, 'common', true,
    '{}', '', '', true, 'catalogue'
FROM (VALUES ('bench-host'), ('bench-disk')) v (code)
JOIN catalog_servicetype s ON s.code = 'bench.service'
JOIN catalog_resourcetype t ON t.code = 'bench.type'
JOIN catalog_usagetype u ON u.resource_type_id = t.id;
INSERT INTO catalog_listprice (product_id, period, unit_price, upfront_price, valid_from)
SELECT id, '', 1, 0, '2025-01-01 00:00+00' FROM catalog_product WHERE code LIKE 'bench-%';
"""
_ASSOCIATIONS = """
INSERT INTO customers_association (account_id, customer_id, model, source, custom_tag, xaccount_id,
    xaccount_type, associated_at)
SELECT p.id, c.id, 'reseller', 'email', '', '', '', '2025-01-01 00:00+00'
FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_account WHERE name LIKE 'bgc-%%') c
JOIN accounts_account p ON p.name = 'bgp-' || 1 + c.n %% {partners}
"""
_BUDGETS = """
INSERT INTO budgets_budget (association_id, account_id, customer_id, type, amount, action, counts_from,
    set_at, period, level, arming)
SELECT a.id, a.account_id, a.customer_id, CASE WHEN a.id %% 4 = 0 THEN 'one_time' ELSE 'monthly' END,
    100, CASE WHEN a.id %% 3 = 0 THEN 'manual' ELSE 'restrict' END, %(cycle)s, now(), '', 0, 0
FROM customers_association a JOIN accounts_account c ON c.id = a.customer_id AND c.name LIKE 'bgc-%%'
"""
#: Two products each; one in CROSSING stands at 80, 95 or 120 of 100.
_SPEND = """
INSERT INTO metering_monthlyspend (cycle, customer_id, association_id, partner_id, model,
    service_type_id, product_id, region_id, mode, bill_type, charges, list_amount, discount_amount,
    updated_at)
SELECT %(cycle)s, b.customer_id, b.association_id, b.account_id, 'reseller', p.service_type_id, p.id,
    NULL, 'usage', 'expenditure', 24,
    CASE WHEN n %% {crossing} > 0 THEN 20
        ELSE (ARRAY[40, 47.5, 60])[1 + n / {crossing} %% 3] END, 0, now()
FROM (SELECT *, row_number() OVER (ORDER BY association_id) n FROM budgets_budget) b
CROSS JOIN (SELECT id, service_type_id FROM catalog_product WHERE code LIKE 'bench-%%') p
"""


def _fill(customers: int) -> None:
    operator = _people.operator("bench")
    template = _people.account("bench-template")
    actor = Actor.system("bench", operator.pk, operator.name)
    audit.services.record(actor, "budgets.customer.frozen", template, after={"state": "account"})
    _people.copy(template, "bgp", PARTNERS, "csp")
    _people.copy(template, "bgc", customers)
    cycle = {"cycle": str(BillingCycle.of(clock.now()))}
    execute(_CATALOGUE)
    execute(_ASSOCIATIONS.format(partners=PARTNERS), {})
    execute(_BUDGETS, cycle)
    execute(_SPEND.format(crossing=CROSSING), cycle)
    intakes.source_of(actor, "bench", SourceKind.NATIVE)
    execute("VACUUM ANALYZE")
