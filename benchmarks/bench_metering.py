"""Intake of usage with exactly-once, rating and roll-ups, against a bare COPY of the same rows.

The file is what an hourly metering sends: every hour a record of each of the 16 resources of 1,000
customers, hosts by the hour in seconds, disks by size, traffic in bytes with tiers; some customers hold
packages and reserved instances. The limit is COPY of the very rows that the intake wrote (records,
charges and, at their final value, roll-ups) into the same tables with the same indexes.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from accounts.models import Account
from accounts.services import creation
from catalog.models import MeasureUnit
from metering.choices import SourceKind
from metering.models import Intake
from metering.services import intakes, rebuilding
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle

from ._measure import Result, peak_memory, stopwatch

CUSTOMERS, PARTNERS, RESOURCES = 1_000, 20, 16
HOSTS, DISKS = 11, 4  # the rest is traffic
CYCLE = "2026-10"
BEGIN = BillingCycle.parse(CYCLE).start
TABLES = {
    "metering_usagerecord": "bench_record",
    "metering_charge_2026_10": "bench_charge",
    "metering_dailyspend": "bench_daily",
    "metering_monthlyspend": "bench_monthly",
}
EVERY = timedelta(hours=1)


def run(scale: str) -> list[Result]:
    """At least 0.4 of COPY and 10,000 records/s; flat memory; as quick at the end as at the start."""
    rows = 5_000_000 if scale == "full" else 400_000
    actor = _operator()
    _fill_accounts()
    _fill_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        _write_file(path, rows)
        marks: list[tuple[int, Any]] = []
        source = intakes.source_of(actor, "bench", SourceKind.NATIVE)
        start = perf_counter()
        with peak_memory() as memory:
            intake = intakes.take_file(
                actor, source, path, progress=lambda i: marks.append((i.lines_done, perf_counter()))
            )
        seconds = marks[-1][1] - start
        if intake.accepted != rows:
            raise RuntimeError(f"{intake.accepted} of {rows} accepted, {intake.rejected} rejected")
        bare = _bare_copy(Path(folder))
        again = _again(actor, source, path, intake)
    return [
        Result("metering.intake", rows / seconds, "records/s", rows / bare, at_least=0.4),
        Result("metering.intake.rate", rows / seconds, "records/s", at_least=10_000),
        Result("metering.intake.memory", memory.growth, "MB", at_most=150),
        *_steady(marks, start, rows),
        Result("metering.intake.again", rows / again, "records/s", at_least=10_000),
        *_rebuild(actor, rows),
    ]


def _steady(marks: list[tuple[int, Any]], start: Any, rows: int) -> list[Result]:
    """Seconds for 1,000 records of the last fifth of the rows against those of the first."""
    fifth = rows // 5
    lines, at = next(mark for mark in marks if mark[0] >= fifth)
    first = (at - start) / lines
    lines, at = [mark for mark in marks if mark[0] <= rows - fifth][-1]
    last = (marks[-1][1] - at) / (rows - lines)
    return [Result("metering.intake.last_fifth", last * 1000, "s/1,000", first * 1000, at_most=1.2)]


def _again(actor: Actor, source: Any, path: Path, first: Intake) -> Any:
    """Seconds to find out that every record is in already."""
    with stopwatch() as watch:
        intake = intakes.take_file(actor, source, path)
    if (intake.duplicates, intake.accepted) != (first.accepted, 0):
        raise RuntimeError(f"{intake.duplicates} duplicates of {first.accepted}")
    return watch.seconds


def _rebuild(actor: Actor, rows: int) -> list[Result]:
    with stopwatch() as watch:
        outcome = rebuilding.rebuild(actor, CYCLE, clock.now())
    if not outcome.equal:
        raise RuntimeError(f"The rebuilt cycle differs: {outcome}")
    return [Result("metering.rebuild", rows / watch.seconds, "records/s", at_least=10_000)]


def _bare_copy(folder: Path) -> Any:
    """Seconds of COPY into empty copies of the tables, one transaction each."""
    total = 0
    for table, bare in TABLES.items():
        file = folder / bare
        with file.open("wb") as out:
            _copy(f"COPY {table} TO STDOUT", out)
        _execute(f"CREATE TABLE {bare} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)")
        _execute("CHECKPOINT")
        with file.open("rb") as rows, stopwatch() as watch:
            _copy(f"COPY {bare} FROM STDIN", rows)
        total += watch.seconds
        file.unlink()
        print(f"COPY {table}: {watch.seconds:.1f} s", file=sys.stderr)
    return total


def _copy(statement: str, file: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(statement, file, 1 << 16)


def _execute(statement: str, parameters: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _operator() -> Actor:
    operator = Account.objects.filter(is_operator=True).first() or creation.create_account(
        name="bench-operator",
        email="operator@bench.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
        is_operator=True,
    )
    return Actor.system("bench", operator.pk, operator.name)


def _fill_accounts() -> None:
    template = creation.create_account(
        name="bench-m-template",
        email="m@bench.example",
        country="PH",
        password="Harbour2026",
        moment=BEGIN,
    )
    columns = [
        f.column
        for f in Account._meta.concrete_fields
        if f.column not in ("id", "public_id", "name", "email", "partner_kind")
    ]
    names = ", ".join(columns)
    for prefix, kind, count in (("bmp", "csp", PARTNERS), ("bmc", "", CUSTOMERS)):
        _execute(
            f"INSERT INTO accounts_account (public_id, name, email, partner_kind, {names}) "
            f"SELECT md5('{prefix}' || n), '{prefix}-' || n, '{prefix}' || n || '@bench.example', "
            f"'{kind}', {names} FROM accounts_account, generate_series(1, {count}) n WHERE id = %s",
            [template.pk],
        )
    _execute(
        "INSERT INTO customers_association (account_id, customer_id, model, source, custom_tag, "
        "xaccount_id, xaccount_type, associated_at) "
        "SELECT p.id, c.id, CASE WHEN c.id %% 10 = 0 THEN 'referral' ELSE 'reseller' END, 'email', "
        "'', '', '', %s FROM accounts_account c JOIN accounts_account p "
        f"ON p.name = 'bmp-' || 1 + c.id %% {PARTNERS} WHERE c.name LIKE 'bmc-%%'",
        [datetime(2025, 1, 1, tzinfo=UTC)],
    )


#: Products by kind: hosts by the second, disks by size and second, traffic in bytes with tiers.
CATALOGUE = """
INSERT INTO catalog_region (code, name, zones, is_offered, origin)
VALUES ('bench-region', 'Bench', '{}', true, 'catalogue');
INSERT INTO catalog_servicetype (code, name, abbreviation, category, overview, has_percentile_billing,
    page_slug, is_marketplace, origin)
VALUES ('bench.service', 'Bench', '', '', '', false, '', false, 'catalogue');
INSERT INTO catalog_resourcetype (service_type_id, code, name, description, origin)
SELECT id, 'bench.type', 'Bench', '', 'catalogue' FROM catalog_servicetype WHERE code = 'bench.service';
INSERT INTO catalog_usagetype (resource_type_id, code, name, origin)
SELECT id, unnest('{duration,upflow}'::text[]), 'Bench', 'catalogue'
FROM catalog_resourcetype WHERE code = 'bench.type';
INSERT INTO catalog_resourcespec (resource_type_id, code, name, attributes, size_unit_id, size_min,
    size_max, size_step)
SELECT id, 'host-' || n, 'Host', '[]'::jsonb, NULL::int, NULL::int, NULL::int, NULL::int
FROM catalog_resourcetype, generate_series(1, 5) n WHERE code = 'bench.type'
UNION ALL SELECT id, 'disk', 'Disk', '[]'::jsonb, 990010, 10, 32768, 1
FROM catalog_resourcetype WHERE code = 'bench.type';
INSERT INTO catalog_product (code, name, service_type_id, resource_type_id, spec_id, mode,
    usage_type_id, usage_unit_id, pricing_unit_id, conversion_factor, is_spot, is_percentile,
    settlement, takes_partner_discount, on_behalf_kinds, payment_option, package_quota, package_reset,
    is_on_sale, origin)
SELECT v.code, v.code, s.id, t.id, z.id, v.mode, u.id, v.usage_unit, v.pricing_unit, v.factor, false,
    false, 'common', true, '{}', '', v.quota, v.reset, true, 'catalogue'
FROM (
    SELECT 'bench-host-' || n AS code, 'host-' || n AS spec, 'usage' AS mode, 'duration' AS usage_type,
        990006 AS usage_unit, 990004 AS pricing_unit, 3600::numeric AS factor, NULL::numeric AS quota,
        '' AS reset
    FROM generate_series(1, 5) n
    UNION ALL VALUES
        ('bench-disk', 'disk', 'usage', 'duration', 990006, 990004, 3600, NULL, ''),
        ('bench-traffic', NULL, 'usage', 'upflow', 990013, 990010, 1073741824, NULL, ''),
        ('bench-package', NULL, 'package', 'upflow', 990013, 990010, 1073741824, 100, 'month'),
        ('bench-reserved', 'host-1', 'ri_upfront', 'duration', 990006, 990004, 3600, NULL, '')
) v
JOIN catalog_servicetype s ON s.code = 'bench.service'
JOIN catalog_resourcetype t ON t.code = 'bench.type'
JOIN catalog_usagetype u ON u.resource_type_id = t.id AND u.code = v.usage_type
LEFT JOIN catalog_resourcespec z ON z.resource_type_id = t.id AND z.code = v.spec;
INSERT INTO catalog_listprice (product_id, period, unit_price, upfront_price, valid_from)
SELECT id, '', CASE code WHEN 'bench-disk' THEN 0.0002 WHEN 'bench-traffic' THEN 0.12 ELSE 0.0837 END,
    0, '2025-01-01 00:00+00' FROM catalog_product WHERE code LIKE 'bench-%' AND mode = 'usage';
INSERT INTO catalog_pricetier (price_id, above, unit_price)
SELECT l.id, v.above, v.price FROM catalog_listprice l
JOIN catalog_product p ON p.id = l.product_id AND p.code = 'bench-traffic'
CROSS JOIN (VALUES (0, 0.12), (50, 0.1), (500, 0.08)) v (above, price);
INSERT INTO resources_cloudresource (account_id, resource_id, name, product_id, region_id, zone, mode,
    spec_text, quantity, configuration, tags, status, order_no, created_at, effective_at, expires_at,
    period, expiry_policy, auto_renew_period, release_cause, is_discovered, updated_at)
SELECT c.id, p.code || c.id, '', p.id, g.id, '', p.mode, '', 1, '{}', '{}', 'running', '',
    '2026-01-01', '2026-01-01', '2027-01-01', 'year', 'retain', '', '', false, '2026-01-01'
FROM accounts_account c
JOIN catalog_product p ON p.code = 'bench-package' AND c.id % 20 = 0
    OR p.code = 'bench-reserved' AND c.id % 50 = 1
CROSS JOIN catalog_region g
WHERE g.code = 'bench-region' AND c.name LIKE 'bmc-%'
"""


def _fill_catalogue() -> None:
    units = ((990004, "bench-h"), (990006, "bench-s"), (990010, "bench-GB"), (990013, "bench-B"))
    for number, name in units:
        MeasureUnit.objects.create(pk=number, name=name, abbreviation=name, measure_type=99)
    _execute(CATALOGUE)
    _execute("ANALYZE")


def _write_file(path: Path, rows: int) -> None:
    """Hour after hour, all resources of all customers."""
    customers = list(
        Account.objects.filter(name__startswith="bmc-").values_list("public_id", flat=True)
    )
    products = [
        *(f"bench-host-{1 + n % 5}" for n in range(HOSTS)),
        *["bench-disk"] * DISKS,
        *["bench-traffic"] * (RESOURCES - HOSTS - DISKS),
    ]
    every = CUSTOMERS * RESOURCES
    with path.open("w") as file:
        file.write(
            "record_id,customer_id,product_id,region,resource_id,resource_name,usage,unit,size,start,end\n"
        )
        for number in range(rows):
            turn, place = divmod(number, every)
            customer, resource = divmod(place, RESOURCES)
            start = (BEGIN + turn * EVERY).isoformat()
            end = (BEGIN + (turn + 1) * EVERY).isoformat()
            product = products[resource]
            usage = 3600 if resource < HOSTS + DISKS else number * 7919 % 10_000_000_000
            size = 40 + customer % 500 if product == "bench-disk" else ""
            file.write(
                f"r-{customer}-{resource}-{turn},{customers[customer]},{product},bench-region,"
                f"i-{customer:06d}-{resource},server-{resource},{usage},,{size},{start},{end}\n"
            )
