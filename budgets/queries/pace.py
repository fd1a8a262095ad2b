"""How fast customers spend: the average of the last complete days (see :mod:`budgets.rules.pace`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from customers.models import Association
from metering.choices import BillType
from metering.models import DailySpend
from partner_center.clock import business_date

from ..rules.pace import DAYS

#: What goes on by itself; the rest is ordered and paid in advance.
RUNNING = (BillingMode.PAY_PER_USE, BillingMode.RESERVED_HOURLY)


def per_day(association_ids: Collection[int], moment: datetime) -> dict[int, Decimal]:
    """By association: what a day costs, in USD at list price; absent where nothing was spent.

    One query for the spend, one for the moments of association.
    """
    today = business_date(moment)
    since = dict(
        Association.objects.filter(pk__in=association_ids).values_list("pk", "associated_at")
    )
    customers = Association.objects.filter(pk__in=association_ids).values("customer_id")
    rows = (
        DailySpend.objects.filter(
            customer_id__in=customers,
            association_id__in=association_ids,
            model=AssociationModel.RESELLER,
            mode__in=RUNNING,
            bill_type=BillType.EXPENDITURE,
            spent_on__gte=today - timedelta(days=DAYS),
            spent_on__lt=today,
        )
        .order_by()
        .values_list("association_id")
        .annotate(total=Sum("list_amount"))
    )
    return {
        key: EXACT.divide(total, Decimal(_days(since[key], moment)))
        for key, total in rows
        if total > 0
    }


def _days(associated_at: datetime, moment: datetime) -> int:
    """Complete days since the association, seven at most, one at least."""
    complete = (business_date(moment) - business_date(associated_at)).days
    return max(1, min(DAYS, complete))
