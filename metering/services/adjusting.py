"""Adjustments of the operator become charges: posted as records, on the way of all records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from psycopg2.extras import Json

from ..choices import RecordKind, SourceKind
from ..models import Charge, UsageRecord
from ..refusals import OtherContent
from . import calendar, ordering, parties, pipeline, statements

#: Name of the source that all adjustments come from.
SOURCE = "adjustments"
#: The shortest period of a charge.
_SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True)
class Correction:
    """One adjustment. ``key`` is unique among all; the amount is signed, in USD.

    ``charged_at`` decides the billing cycle, ``attributed_at`` whose customer it was.
    ``original_order_no`` is the order or transaction ID that it corrects.
    """

    key: str
    customer_id: int
    product_id: int
    region_id: int | None
    amount: Decimal
    reason: str
    original_order_no: str
    attributed_at: datetime
    charged_at: datetime


def charge_adjustment(correction: Correction, moment: datetime) -> Charge:
    """Charge an adjustment, inside the caller's transaction, after its locks; the charge.

    As :func:`ordering.charge_orders`. Raises OtherContent.
    """
    statements.prepare()
    source, intake = ordering.own_source(SOURCE, SourceKind.ADJUSTMENTS, moment)
    cycle, origin, spent_on = calendar.place(calendar.read(), correction.charged_at, moment)
    row = (
        statements.NEXT_ID,
        "",
        0,
        source,
        intake,
        correction.key,
        ordering.fingerprint_of(correction),
        RecordKind.ADJUSTMENT,
        correction.customer_id,
        correction.product_id,
        correction.region_id,
        "",
        "",
        None,
        correction.amount,
        correction.attributed_at,
        correction.attributed_at + _SHORTEST,
        correction.charged_at,
        cycle,
        origin,
        spent_on,
        moment,
        min(correction.attributed_at, moment),
        Json({"adjustment": _terms(correction)}),
    )
    ordering.fill([row])
    parties.of_records()
    if pipeline.post(moment).refused:
        raise OtherContent
    record = UsageRecord.objects.get(source=source, key=correction.key)
    return Charge.objects.get(cycle=cycle, record=record)


def _terms(correction: Correction) -> dict[str, str]:
    return {
        "original_order_no": correction.original_order_no,
        "reason": correction.reason,
    }
