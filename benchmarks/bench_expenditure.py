"""The expenditure pages over the charges of one partner in one month, 5,000,000 with SCALE=full.

At most 15 queries each, as many with many charges as with few, and the summary reads no charge. Its
statements are set against the bare ones that give the same figures from the same roll-up, those of
the first page of the details against the bare page without a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import Account, User
from accounts.services import creation
from catalog.choices import BillingMode
from catalog.models import Product, Region, ResourceType, ServiceType
from customers.models import Association
from partner_center import clock
from partner_center.clock import BillingCycle

from ._measure import Result
from .bench_member_list import PLAIN_STATIC

CUSTOMERS = 1_000
PRODUCTS = 5
RUNS = 9
FIRST_ID = 900_000_000_000

CHARGES = """
INSERT INTO metering_charge (
    record_id, cycle, customer_id, association_id, partner_id, model, bill_type, mode, product_id,
    service_type_id, region_id, resource_id, started_at, ended_at, charged_at, spent_on, origin_cycle,
    order_no, original_order_no, order_type, period, reason, usage, list_amount, discount_percent,
    discount_amount)
SELECT %(first)s + n, %(cycle)s, a.customer_id, a.id, %(partner)s, a.model, 'expenditure', 'usage',
    p.id, p.service_type_id, %(region)s, 'vm-' || n %% 5000, t.at, t.at + interval '1 hour',
    t.at + interval '1 hour', ((t.at + interval '1 hour' - interval '1 microsecond')
    AT TIME ZONE INTERVAL '8 hours')::date, '', '', '', '', '', '', 3600, 0.0001 * (n %% 977), 0, 0
FROM generate_series(1, %(count)s) AS s(n)
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM customers_association
    WHERE account_id = %(partner)s) a ON a.nth = n %% %(customers)s + 1
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM catalog_product
    WHERE code LIKE 'bench-spend-%%') p ON p.nth = n %% %(products)s + 1
CROSS JOIN LATERAL (SELECT %(begins)s::timestamptz + (n %% %(hours)s) * interval '1 hour' AS at) t
"""
SUMS = """
INSERT INTO metering_{table} (
    cycle, {day} customer_id, association_id, partner_id, distributor_id, model, service_type_id,
    product_id, region_id, mode, bill_type, charges, list_amount, discount_amount, updated_at)
SELECT cycle, {day} customer_id, association_id, partner_id, distributor_id, model, service_type_id,
    product_id, region_id, mode, bill_type, count(*), sum(list_amount), sum(discount_amount), now()
FROM metering_charge WHERE partner_id = %(partner)s
GROUP BY cycle, {day} customer_id, association_id, partner_id, distributor_id, model,
    service_type_id, product_id, region_id, mode, bill_type
"""
#: By day, the rows of the first page, their number, and what they are made of.
BARE_SUMMARY = (
    """SELECT spent_on, sum(list_amount) FROM metering_dailyspend WHERE partner_id = %(partner)s
    AND cycle = %(cycle)s GROUP BY spent_on ORDER BY spent_on""",
    """SELECT s.customer_id, service_type_id, mode, model, a.name, sum(list_amount), sum(discount_amount)
    FROM metering_monthlyspend s JOIN accounts_account a ON a.id = s.customer_id
    WHERE partner_id = %(partner)s AND cycle = %(cycle)s
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC LIMIT 20""",
    """SELECT count(*) FROM (SELECT 1 FROM metering_monthlyspend WHERE partner_id = %(partner)s
    AND cycle = %(cycle)s GROUP BY customer_id, service_type_id, mode, model) AS counted""",
)
BARE_DETAILS = (
    """SELECT c.*, a.name, a.full_name, p.name, s.name, (SELECT u.name FROM customers_managerassignment m
        JOIN accounts_user u ON u.id = m.manager_id WHERE m.association_id = c.association_id
        ORDER BY m.started_at DESC LIMIT 1)
    FROM metering_charge c JOIN accounts_account a ON a.id = c.customer_id
    JOIN catalog_product p ON p.id = c.product_id
    JOIN catalog_servicetype s ON s.id = c.service_type_id
    WHERE c.partner_id = %(partner)s AND c.cycle = %(cycle)s
    ORDER BY c.charged_at DESC, c.record_id DESC LIMIT 10""",
    """SELECT sum(charges) FROM metering_monthlyspend WHERE partner_id = %(partner)s
    AND cycle = %(cycle)s""",
)


@override_settings(STORAGES=PLAIN_STATIC)
def run(scale: str) -> list[Result]:
    """Both pages, with few charges and with all."""
    many = 5_000_000 if scale == "full" else 200_000
    partner = _partner()
    # The month before the last one: it is summed up wholly whatever day it is.
    cycle = BillingCycle.of(clock.now()).plus(-2)
    keys: dict[str, Any] = {"partner": partner.pk, "cycle": str(cycle)}
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(account=partner))
    _charge(keys, cycle, 0, 1_000)
    few = {name: _measure(client, name, cycle)[0] for name in PAGES}
    _charge(keys, cycle, 1_000, many)
    found = []
    for name, bare in PAGES.items():
        queries, seconds, statements = _measure(client, name, cycle)
        title = name.removeprefix("expenditure:")
        found += [
            Result(f"expenditure.{title}.queries", queries, "queries", at_most=15),
            Result(
                f"expenditure.{title}.queries.growth",
                queries - few[name],
                f"more queries with {many:,} charges than with 1,000",
                at_most=0,
            ),
            Result(
                f"expenditure.{title}.sql",
                figure=seconds * 1000,
                unit="ms of statements about spend",
                limit=_seconds(bare, keys) * 1000,
                at_most=3,
            ),
        ]
        if title == "summary":
            read = sum('"metering_charge"' in sql for sql in statements)
            found.append(
                Result("expenditure.summary.charges", read, "statements over charges", at_most=0)
            )
    return found


PAGES = {"expenditure:summary": BARE_SUMMARY, "expenditure:details": BARE_DETAILS}


def _partner() -> Account:
    account = creation.create_account(
        name="bench-spend",
        email="bench-spend@partner-center.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    Account.objects.filter(pk=account.pk).update(partner_kind="csp", stage="complete")
    customers = Account.objects.bulk_create(
        Account(
            name=f"spender-{n:05d}",
            email=f"{n}@spender.example",
            country="PH",
            registered_at=clock.now(),
        )
        for n in range(CUSTOMERS)
    )
    since = clock.now() - timedelta(days=400)
    Association.objects.bulk_create(
        Association(account=account, customer=customer, associated_at=since)
        for customer in customers
    )
    service = ServiceType.objects.create(code="bench.spend", name="Bench service")
    kind = ResourceType.objects.create(service_type=service, code="bench.spend.vm", name="Host")
    Product.objects.bulk_create(
        Product(
            code=f"bench-spend-{n}",
            name=f"Host {n}",
            service_type=service,
            resource_type=kind,
            mode=BillingMode.PAY_PER_USE,
        )
        for n in range(PRODUCTS)
    )
    return account


def _charge(keys: dict[str, Any], cycle: BillingCycle, first: int, last: int) -> None:
    region, _made = Region.objects.get_or_create(code="bench-1", defaults={"name": "Bench"})
    values = keys | {
        "first": FIRST_ID + first,
        "count": last - first,
        "customers": CUSTOMERS,
        "products": PRODUCTS,
        "begins": cycle.start,
        "hours": cycle.days * 24 - 1,
        "region": region.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT metering_charge_partition(%s)", [str(cycle)])
        cursor.execute(CHARGES, values)
        for table, day in (("dailyspend", "spent_on,"), ("monthlyspend", "")):
            cursor.execute(f"DELETE FROM metering_{table} WHERE partner_id = %(partner)s", keys)
            cursor.execute(SUMS.format(table=table, day=day), keys)
        cursor.execute("ANALYZE")


def _measure(client: Client, name: str, cycle: BillingCycle) -> tuple[int, float, list[str]]:
    """Queries of the page, seconds of its statements about spend, all statements."""
    key = "spent_on" if name.endswith("summary") else "cycle"
    client.get(reverse(name), {key: str(cycle)})
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse(name), {key: str(cycle)})
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answers {answer.status_code}")
    statements = [query["sql"] for query in captured.captured_queries]
    return len(captured), _seconds([s for s in statements if '"metering_' in s]), statements


def _seconds(statements: Sequence[str], keys: dict[str, Any] | None = None) -> float:
    """How long the statements take one after another; the quickest of some runs."""
    times = []
    with connection.cursor() as cursor:
        for _run in range(RUNS):
            start = perf_counter()
            for sql in statements:
                cursor.execute(sql, keys)
                cursor.fetchall()
            times.append(perf_counter() - start)
    return min(times)
