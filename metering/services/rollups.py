"""Sums by customer and day, and by customer and month, kept with the charges that they add up."""

from __future__ import annotations

from datetime import datetime

from . import statements

_KEYS = (
    "cycle, customer_id, association_id, partner_id, distributor_id, model, service_type_id, "
    "product_id, region_id, mode, bill_type"
)
#: In the order of their keys, so that two writers never wait for each other.
_ADD = """
INSERT INTO {table} AS kept ({keys}{day}, charges, list_amount, discount_amount, updated_at)
SELECT {keys}{day}, sum(charges), sum(list_amount), sum(discount_amount), %(moment)s
FROM metering_sum
GROUP BY {keys}{day}
ORDER BY customer_id, product_id{day}, cycle, association_id, model, region_id, mode, bill_type
ON CONFLICT (customer_id{day}, cycle, association_id, model, product_id, region_id, mode, bill_type)
DO UPDATE SET charges = kept.charges + excluded.charges,
    list_amount = kept.list_amount + excluded.list_amount,
    discount_amount = kept.discount_amount + excluded.discount_amount,
    updated_at = greatest(kept.updated_at, excluded.updated_at)
"""
DAILY = _ADD.format(table="metering_dailyspend", keys=_KEYS, day=", spent_on")
MONTHLY = _ADD.format(table="metering_monthlyspend", keys=_KEYS, day="")


def add(moment: datetime) -> None:
    """Add the sums of the charges that were just written."""
    for statement in (DAILY, MONTHLY):
        statements.run(statement, {"moment": moment})
