"""Pages of one partner's bill of 5,000,000 lines, and the file of one of 1,000,000, with SCALE=full.

The file (the whole task, as a worker does it) is set against the bare ``COPY … TO STDOUT`` of the same
columns as they are stored, joined and ordered the same way: without masks, labels, written times,
trimmed decimals or sums. A page may ask at most 15 queries, as many with many lines as with few.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import Account, User
from accounts.queries.actors import operator_job
from accounts.services import creation
from billing.models import CommercialDiscount, DiscountTerm
from billing.services import estimating, running
from exports.models import ExportTask
from exports.services import run_export
from partner_center import clock
from partner_center.clock import BillingCycle

from . import bench_expenditure
from ._measure import Result
from .bench_member_list import PLAIN_STATIC

LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)
FOR_EVER = datetime(2099, 12, 31, tzinfo=UTC)
BARE = """
COPY (SELECT u.public_id, l.cycle, u.full_name, u.name, a.public_id, a.full_name, a.name, c.bill_type,
    c.mode, s.name, s.code, p.name, p.code, NULL, p.spec_id, t.name, t.code, r.name, r.code, c.order_no,
    c.original_order_no, l.charged_at, c.order_type, c.period_count, c.period, p.is_spot, ut.code,
    ut.name, c.unit_price, pu.name, c.usage, uu.name, c.package_usage, uu.name, c.reserved_usage,
    uu.name, c.list_amount, l.settlement, l.percent, l.settled, l.coupons, l.returns_coupons,
    l.settled, l.tax, l.settled, c.points, c.quantity, c.reserved_hours, c.reason, c.pricing_total,
    pu.name, c.pricing_package, c.pricing_reserved, c.conversion_factor, c.started_at, c.ended_at
FROM billing_billline l
JOIN metering_charge c ON c.cycle = l.cycle AND c.record_id = l.record_id
JOIN accounts_account u ON u.id = l.customer_id
JOIN accounts_account a ON a.id = c.partner_id
JOIN catalog_servicetype s ON s.id = c.service_type_id
JOIN catalog_product p ON p.id = c.product_id
JOIN catalog_resourcetype t ON t.id = p.resource_type_id
LEFT JOIN catalog_region r ON r.id = c.region_id
LEFT JOIN catalog_usagetype ut ON ut.id = p.usage_type_id
LEFT JOIN catalog_measureunit pu ON pu.id = c.pricing_unit_id
LEFT JOIN catalog_measureunit uu ON uu.id = c.usage_unit_id
WHERE l.bill_id = {bill} AND l.cycle = '{cycle}' ORDER BY l.record_id)
TO STDOUT WITH (FORMAT csv)
"""


class _Nowhere:
    def write(self, data: bytes) -> None:
        pass


#: Pages of a bill; those of lines are also asked of the running cycle, shown as it would be billed.
PAGES = {
    "bill": ("billing:bills", {}),
    "by_customer": ("billing:bills", {"by": "customer"}),
    "amount_due": ("billing:bill", {}),
    "sum": ("billing:sum", {"bill_type": "expenditure"}),
    "details": ("billing:details", {}),
}
OPEN_PAGES = ("bill", "details")


@override_settings(STORAGES=PLAIN_STATIC)
def run(scale: str) -> list[Result]:
    """The pages of an issued and of the running cycle, and the file of another issued one."""
    lines = 1_000_000 if scale == "full" else 100_000
    many = 5_000_000 if scale == "full" else 200_000
    _operator()
    partner = bench_expenditure._partner()
    _discount(partner)
    user = User.objects.get(account=partner)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    # The hours of the open month may lie ahead.
    running_cycle = BillingCycle.of(clock.now())
    issued, filed = running_cycle.plus(-2), running_cycle.plus(-3)
    _charge(partner, running_cycle, 0, lines)
    _charge(partner, filed, lines, 2 * lines)
    _charge(partner, issued, 2 * lines, 2 * lines + many)
    for cycle in (filed, issued):
        outcome = running.generate(operator_job("bench"), cycle, clock.now())
        if outcome.parked or outcome.issued != 1:
            raise RuntimeError(f"{outcome}")
    estimating.refresh(running_cycle, clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found = []
    for name, page in PAGES.items():
        found += _page(client, issued, f"{name}.issued", *page)
    for name in OPEN_PAGES:
        found += _page(client, running_cycle, f"{name}.open", *PAGES[name])
    return [*found, _file(user, filed, lines)]


def _charge(partner: Account, cycle: BillingCycle, first: int, last: int) -> None:
    keys: dict[str, Any] = {"partner": partner.pk, "cycle": str(cycle)}
    bench_expenditure._charge(keys, cycle, first, last)


def _page(
    client: Client, cycle: BillingCycle, name: str, route: str, asked: dict[str, str]
) -> list[Result]:
    """Queries and milliseconds of a page, once it has been opened."""
    address, parameters = reverse(route), {"cycle": str(cycle), **asked}
    client.get(address, parameters)
    start = perf_counter()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, parameters)
    seconds = perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answers {answer.status_code}")
    return [
        Result(f"billing.{name}.queries", len(captured), "queries", at_most=15),
        Result(f"billing.{name}.page", seconds * 1000, "ms", at_most=500),
    ]


def _file(user: User, cycle: BillingCycle, lines: int) -> Result:
    """Lines a second of the whole task against those of the bare COPY."""
    bare = min(_bare(user, cycle) for _warm in range(2))
    moment = clock.now()
    task = ExportTask.objects.create(
        account=user.account,
        uid="b" * 32,
        exporter="bill_details",
        title="Benchmark",
        params={"cycle": str(cycle)},
        file_format="csv",
        created_by=user,
        created_at=moment,
        touched_at=moment,
    )
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        start = perf_counter()
        run_export(task.uid)
        seconds = perf_counter() - start
    task.refresh_from_db()
    if task.rows_done != lines:
        raise RuntimeError(f"{lines} lines were to be written: {task.status} {task.failure}")
    return Result(
        "billing.details.file", lines / seconds, "lines/s", limit=lines / bare, at_least=0.5
    )


def _bare(user: User, cycle: BillingCycle) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM billing_bill WHERE account_id = %s AND cycle = %s",
            [user.account_id, str(cycle)],
        )
        statement = BARE.format(bill=int(cursor.fetchone()[0]), cycle=cycle)
        start = perf_counter()
        cursor.copy_expert(statement, _Nowhere())
        return perf_counter() - start


def _operator() -> None:
    """Who runs bills."""
    if Account.objects.filter(is_operator=True).exists():
        return
    operator = creation.create_account(
        name="bench-details-operator",
        email="bench-details-operator@partner-center.example",
        country="SG",
        password="Harbour2026",
        moment=clock.now(),
    )
    Account.objects.filter(pk=operator.pk).update(is_operator=True)


def _discount(partner: Account) -> None:
    discount = CommercialDiscount.objects.create(
        account=partner,
        number=f"BENCH{partner.pk}",
        starts_at=LONG_AGO,
        ends_at=FOR_EVER,
        created_at=clock.now() - timedelta(days=400),
    )
    DiscountTerm.objects.create(discount=discount, percent=Decimal("12.5"))
