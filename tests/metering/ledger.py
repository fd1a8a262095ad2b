"""Charges as the rating writes them, for tests of what reads them: records, charges and their sums."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Account
from catalog.models import Product, Region
from customers.models import Association
from metering.models import Charge, Intake, UsageRecord, UsageSource
from partner_center import clock
from partner_center.clock import BUSINESS_ZONE, BillingCycle
from resellers.models import ResellerAssociation

_numbers = itertools.count(1)

SUMS = """
DELETE FROM metering_{table};
INSERT INTO metering_{table} (
    cycle, {day} customer_id, association_id, partner_id, distributor_id, model, service_type_id,
    product_id, region_id, mode, bill_type, charges, list_amount, discount_amount, updated_at)
SELECT cycle, {day} customer_id, association_id, partner_id, distributor_id, model, service_type_id,
    product_id, region_id, mode, bill_type, count(*), sum(list_amount), sum(discount_amount), now()
FROM metering_charge
GROUP BY cycle, {day} customer_id, association_id, partner_id, distributor_id, model,
    service_type_id, product_id, region_id, mode, bill_type
"""


def at(day: str, hour: int = 12) -> datetime:
    """That hour of that day (``2026-11-03``) in GMT+08:00."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=BUSINESS_ZONE).astimezone(UTC)


@dataclass
class Line:
    """One charge to be: by default an hour of pay-per-use that ends at ``ended_at``."""

    customer: Account
    product: Product
    list_amount: str
    ended_at: datetime
    region: Region | None = None
    resource_id: str = "vm-1"
    resource_name: str = "web-1"
    hours: int = 1
    discount: str = "0"
    bill_type: str = "expenditure"
    columns: dict[str, Any] = field(default_factory=dict)


def post(lines: Iterable[Line]) -> list[Charge]:
    """Write records and charges, and the sums of all charges anew."""
    lines, intake = list(lines), _intake()
    records = UsageRecord.objects.bulk_create(_record(line, intake) for line in lines)
    ties: dict[Any, dict[str, Any]] = {}
    charges = [_charge(line, record, ties) for line, record in zip(lines, records, strict=True)]
    with connection.cursor() as cursor:
        for cycle in {charge.cycle for charge in charges}:
            cursor.execute("SELECT metering_charge_partition(%s)", [cycle])
    Charge.objects.bulk_create(charges)
    renew_sums()
    return charges


def renew_sums() -> None:
    """Daily and monthly sums as they follow from the charges."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(table="dailyspend", day="spent_on,"))
        cursor.execute(SUMS.format(table="monthlyspend", day=""))


def _intake() -> Intake:
    source, _made = UsageSource.objects.get_or_create(
        name="tests", defaults={"kind": "native", "created_at": clock.now()}
    )
    return Intake.objects.get_or_create(
        source=source, name="ledger", defaults={"started_at": clock.now(), "state": "completed"}
    )[0]


def _common(line: Line) -> dict[str, Any]:
    last = line.ended_at - timedelta(microseconds=1)
    return {
        "customer": line.customer,
        "product": line.product,
        "region": line.region,
        "resource_id": line.resource_id,
        "started_at": line.ended_at - timedelta(hours=line.hours),
        "ended_at": line.ended_at,
        "charged_at": line.ended_at,
        "cycle": str(BillingCycle.of(last)),
        "spent_on": clock.business_date(last),
    }


def _record(line: Line, intake: Intake) -> UsageRecord:
    number = next(_numbers)
    return UsageRecord(
        source=intake.source,
        intake=intake,
        key=f"{number}",
        fingerprint=uuid.uuid4(),
        line=number,
        resource_name=line.resource_name,
        accepted_at=line.ended_at,
        **_common(line),
    )


def _charge(line: Line, record: UsageRecord, ties: dict[Any, dict[str, Any]]) -> Charge:
    key = (line.customer.pk, record.started_at)
    if key not in ties:
        ties[key] = _partner(line.customer, record.started_at)
    owed = Charge(
        record=record,
        bill_type=line.bill_type,
        mode=line.product.mode,
        service_type=line.product.service_type,
        usage_unit=line.product.usage_unit,
        pricing_unit=line.product.pricing_unit,
        conversion_factor=line.product.conversion_factor,
        list_amount=Decimal(line.list_amount),
        discount_amount=Decimal(line.discount),
        **_common(line),
        **ties[key],
    )
    for name, value in line.columns.items():
        setattr(owed, name, value)
    return owed


def _partner(customer: Account, moment: datetime) -> dict[str, Any]:
    tie = Association.objects.filter(customer=customer, associated_at__lte=moment).last()
    if tie is None or (tie.ended_at and tie.ended_at <= moment):
        return {"model": ""}
    under = ResellerAssociation.objects.filter(reseller=tie.account_id, ended_at=None).first()
    return {
        "association": tie,
        "partner_id": tie.account_id,
        "distributor_id": under.account_id if under else None,
        "model": tie.model,
    }
