"""The bill run of 1,000,000 charges over 2,000 partners and 20,000 customers, with SCALE=full.

Set against a bare ``INSERT … SELECT`` of the same columns of as many charges into the same table with
the same indexes, in the same run. The run is done by as many threads as the settings name. Every
partner has a discount and a tax, every tenth a coupon.
"""

from __future__ import annotations

import resource
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Account
from accounts.queries.actors import operator_job
from accounts.services import creation
from billing.choices import CouponSource, TaxKind
from billing.models import CommercialDiscount, Coupon, DiscountTerm, TaxRule
from billing.services import running
from catalog.choices import BillingMode
from catalog.models import Product, Region, ResourceType, ServiceType
from customers.models import Association
from partner_center import clock
from partner_center.clock import BillingCycle

from ._measure import Result
from .bench_expenditure import SUMS

CUSTOMERS_EACH = 10
PRODUCTS = 5
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)
FOR_EVER = datetime(2099, 12, 31, tzinfo=UTC)

CHARGES = """
INSERT INTO metering_charge (
    record_id, cycle, customer_id, association_id, partner_id, model, bill_type, mode, product_id,
    service_type_id, region_id, resource_id, started_at, ended_at, charged_at, spent_on, origin_cycle,
    order_no, original_order_no, order_type, period, reason, usage, list_amount, discount_percent,
    discount_amount)
SELECT %(first)s + n, %(cycle)s, a.customer_id, a.id, a.account_id, a.model, 'expenditure', 'usage',
    p.id, p.service_type_id, %(region)s, 'vm-' || n %% 5000, t.at, t.at + interval '1 hour',
    t.at + interval '1 hour', ((t.at + interval '1 hour' - interval '1 microsecond')
    AT TIME ZONE INTERVAL '8 hours')::date, '', '', '', '', '', '', 3600,
    0.00012345 * (n %% 977 + 1), 0, 0
FROM generate_series(1, %(count)s) AS s(n)
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM customers_association
    WHERE custom_tag = 'bench-bill') a ON a.nth = n %% %(customers)s + 1
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM catalog_product
    WHERE code LIKE 'bench-bill-%%') p ON p.nth = n / %(customers)s %% %(products)s + 1
CROSS JOIN LATERAL (SELECT %(begins)s::timestamptz + (n %% %(hours)s) * interval '1 hour' AS at) t
"""
#: The columns of a line, as they would be without any terms.
BARE = """
INSERT INTO billing_billline (record_id, cycle, bill_id, customer_id, charged_at, settlement, percent,
    unit_price, settled, coupons, returns_coupons, tax)
SELECT record_id, cycle, partner_id, customer_id, charged_at, 'common', 25, NULL, list_amount, 0, NULL,
    list_amount
FROM metering_charge WHERE cycle = %(cycle)s
"""


class _Undo(Exception):
    """Rolls the bare statement back."""


def run(scale: str) -> list[Result]:
    """A run of a tenth of the charges, of all, and of five times as many, each in a cycle of its own."""
    partners = 2_000 if scale == "full" else 200
    many = 1_000_000 if scale == "full" else 100_000
    _people(partners)
    # Months in which no other benchmark has charges: they would be billed as well.
    newest = BillingCycle.of(clock.now()).plus(-12)
    few, _bare_few, _bills = _measure(newest.plus(-2), many // 10, 800_000_000_000)
    seconds, bare, bills = _measure(newest.previous(), many, 810_000_000_000)
    most, _bare_most, _bills = _measure(newest, many * 5, 820_000_000_000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Result("billing.run", seconds, "s", limit=bare, at_most=2),
        Result("billing.run.bills", bills / seconds * 60, "bills/min", at_least=1_300),
        Result("billing.run.memory", memory, "MB", at_most=300),
        _growth("billing.run.growth_to_all", seconds / (few * 10)),
        _growth("billing.run.growth_to_five_times", most / (seconds * 5)),
    ]


def _growth(name: str, ratio: float) -> Result:
    """Linear is 1; what is paid once a bill makes it less."""
    return Result(name, ratio, "time a charge, of many over that of fewer", at_most=1.15)


def _measure(cycle: BillingCycle, count: int, first: int) -> tuple[float, float, int]:
    """Seconds of the run and of the bare statement, and the number of bills."""
    _charge(cycle, count, first)
    bare = _bare(cycle)
    start = perf_counter()
    outcome = running.generate(
        operator_job("bill run"), cycle, clock.now(), threads=settings.BILL_RUN_THREADS
    )
    seconds = perf_counter() - start
    if outcome.parked or outcome.waiting:
        raise RuntimeError(f"{outcome}")
    return seconds, bare, outcome.issued


def _bare(cycle: BillingCycle) -> float:
    seconds = 0.0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT billing_line_partition(%s)", [str(cycle)])
            start = perf_counter()
            cursor.execute(BARE, {"cycle": str(cycle)})
            seconds = perf_counter() - start
            raise _Undo
    except _Undo:
        return seconds


def _charge(cycle: BillingCycle, count: int, first: int) -> None:
    region, _made = Region.objects.get_or_create(code="bench-1", defaults={"name": "Bench"})
    values = {
        "cycle": str(cycle),
        "first": first,
        "count": count,
        "customers": Association.objects.filter(custom_tag="bench-bill").count(),
        "products": PRODUCTS,
        "begins": cycle.start,
        "hours": cycle.days * 24 - 1,
        "region": region.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT metering_charge_partition(%s)", [str(cycle)])
        cursor.execute(CHARGES, values)
        sums = SUMS.format(table="monthlyspend", day="").replace(
            "partner_id = %(partner)s", "cycle = %(cycle)s"
        )
        cursor.execute(sums, values)
        cursor.execute("VACUUM ANALYZE")


def _people(partners: int) -> None:
    if not Account.objects.filter(is_operator=True).exists():
        operator = creation.create_account(
            name="bench-operator",
            email="bench-operator@partner-center.example",
            country="SG",
            password="Harbour2026",
            moment=clock.now(),
        )
        Account.objects.filter(pk=operator.pk).update(is_operator=True)
    payers = _accounts("bench-payer", partners, partner_kind="csp")
    customers = _accounts("bench-spender", partners * CUSTOMERS_EACH)
    Association.objects.bulk_create(
        Association(
            account=payers[number % partners],
            customer=customer,
            associated_at=LONG_AGO,
            custom_tag="bench-bill",
        )
        for number, customer in enumerate(customers)
    )
    _terms(payers)
    service = ServiceType.objects.create(code="bench.bill", name="Bench service")
    kind = ResourceType.objects.create(service_type=service, code="bench.bill.vm", name="Host")
    Product.objects.bulk_create(
        Product(
            code=f"bench-bill-{n}",
            name=f"Host {n}",
            service_type=service,
            resource_type=kind,
            mode=BillingMode.PAY_PER_USE,
        )
        for n in range(PRODUCTS)
    )


def _accounts(name: str, count: int, **more: str) -> list[Account]:
    return Account.objects.bulk_create(
        Account(
            name=f"{name}-{n:06d}",
            email=f"{n}@{name}.example",
            country="PH",
            registered_at=clock.now(),
            **more,
        )
        for n in range(count)
    )


def _terms(payers: list[Account]) -> None:
    discounts = CommercialDiscount.objects.bulk_create(
        CommercialDiscount(
            account=payer,
            number=f"BENCH{payer.pk}",
            starts_at=LONG_AGO,
            ends_at=FOR_EVER,
            created_at=LONG_AGO,
        )
        for payer in payers
    )
    DiscountTerm.objects.bulk_create(
        DiscountTerm(discount=each, percent=Decimal("12.5")) for each in discounts
    )
    TaxRule.objects.create(
        country="PH", kind=TaxKind.VAT, percent=Decimal(12), valid_from=date(2020, 1, 1)
    )
    Coupon.objects.bulk_create(
        Coupon(
            account=payer,
            number=f"BENCH{payer.pk}",
            name="Bench",
            source=CouponSource.BENEFIT,
            face_value=Decimal(5),
            balance=Decimal(5),
            starts_at=LONG_AGO,
            ends_at=FOR_EVER,
            issued_at=LONG_AGO + timedelta(days=1),
        )
        for payer in payers[::10]
    )
