"""Paid orders become charges: each line is posted as a record and takes the way of all records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from psycopg2.extras import Json, execute_values

from partner_center import clock
from partner_center.money import plain

from ..choices import IntakeState, RecordKind, SourceKind
from ..models import Intake, UsageSource
from ..refusals import OtherContent
from . import calendar, parties, pipeline, statements
from .calendar import Calendar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: Name of the source that all order lines come from.
SOURCE = "orders"


@dataclass(frozen=True)
class OrderLine:
    """One line of a paid order. ``key`` is unique among all order lines; amounts are in USD.

    Amounts have the sign of the money: an unsubscription's are negative, with kind refund.
    ``discount_amount`` is what the customer pays less than ``list_amount``. ``started_at`` to
    ``ended_at`` is the term (end not included), ``paid_at`` decides day, billing cycle and partner.
    """

    key: str
    customer_id: int
    product_id: int
    region_id: int | None
    resource_id: str
    resource_name: str
    kind: RecordKind
    order_no: str
    original_order_no: str
    order_type: str
    period: str
    period_count: int | None
    quantity: int
    reserved_hours: int | None
    size: int | None
    list_amount: Decimal
    discount_amount: Decimal
    started_at: datetime
    ended_at: datetime
    paid_at: datetime
    reason: str


#: What goes into the record's ``extra``; the charge is made from there.
_TERMS = (
    "order_no",
    "original_order_no",
    "order_type",
    "period",
    "period_count",
    "quantity",
    "reserved_hours",
    "reason",
)
_RESOLVE = """
INSERT INTO metering_resolved (
    id, refusal, line, source_id, intake_id, key, fingerprint, kind, customer_id, product_id, region_id,
    resource_id, resource_name, size, list_cost, started_at, ended_at, charged_at,
    cycle, origin_cycle, spent_on, accepted_at, facts_at, extra) VALUES %s
"""


def charge_orders(lines: Sequence[OrderLine], moment: datetime) -> None:
    """Charge paid order lines, inside the caller's transaction.

    Call it after all locks: it adds to the roll-ups of the customers and tells
    ``metering.signals.spend_changed``. A key that was posted with the same content is left alone.
    Raises OtherContent when it was posted with other content; nothing is charged then.
    """
    if not lines:
        return
    statements.prepare()
    source, intake = own_source(SOURCE, SourceKind.ORDERS, moment)
    known = calendar.read()
    rows = [_row(line, source, intake, known, moment) for line in lines]
    fill(rows)
    parties.of_records()
    if pipeline.post(moment).refused:
        raise OtherContent


def own_source(name: str, kind: SourceKind, moment: datetime) -> tuple[int, int]:
    """A source of this portal's own records, and its one intake, which never ends: their keys."""
    source, _new = UsageSource.objects.get_or_create(
        name=name, defaults={"kind": kind, "created_at": moment}
    )
    intake = Intake.objects.filter(source=source, name=name).order_by("pk").first()
    if intake is None:
        intake = Intake.objects.create(
            source=source,
            name=name,
            state=IntakeState.COMPLETED,
            started_at=moment,
            finished_at=moment,
        )
    return source.pk, intake.pk


def _row(
    line: OrderLine, source: int, intake: int, known: Calendar, moment: datetime
) -> tuple[Any, ...]:
    cycle, origin, spent_on = calendar.place(known, line.paid_at, moment)
    terms = {name: getattr(line, name) for name in _TERMS}
    terms["discount_amount"] = plain(line.discount_amount)
    return (
        statements.NEXT_ID,
        "",
        0,
        source,
        intake,
        line.key,
        fingerprint_of(line),
        line.kind,
        line.customer_id,
        line.product_id,
        line.region_id,
        line.resource_id,
        line.resource_name,
        line.size,
        line.list_amount,
        line.started_at,
        line.ended_at,
        line.paid_at,
        cycle,
        origin,
        spent_on,
        moment,
        min(line.paid_at, moment),
        Json({"order": terms}),
    )


def fill(rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into the table of resolved records, in the order of its columns above."""
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _RESOLVE, rows)


def fingerprint_of(line: DataclassInstance) -> str:
    """The same for the same content, however its numbers and times are written."""
    content = {field.name: _plain(getattr(line, field.name)) for field in fields(line)}
    text = json.dumps(content, sort_keys=True)
    return str(UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(clock.BUSINESS_ZONE).isoformat()
    return str(value) if value is not None else None
