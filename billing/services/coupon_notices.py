"""Mails before the end of a month: what coupons pay of it, what will be due (05-CPN-01 to CPN-03)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import notifications.services
from accounts.queries.actors import operator_job
from notifications.models import Notice
from partner_center import clock, money
from partner_center.clock import BillingCycle

from ..choices import CouponKind
from ..message_types import COUPON_USAGE
from ..models import Coupon, CouponNotice
from ..queries import reach
from ..rules import terms as rules
from . import allotting, staging

logger = logging.getLogger(__name__)

#: Customers that a mail names.
_NAMED = 10


def tell_due(moment: datetime) -> int:
    """Tell all who are to be told today and were not; how many were told.

    A due day that was missed is caught up until the next one, or until the month is over. A partner
    that fails does not stand in the way of the others; it is tried again by the next call.
    """
    if (day := _due(moment)) is None:
        return 0
    told, failed = 0, []
    for account_id in list(_waiting(day, moment)):
        try:
            told += _tell(account_id, day, moment)
        except Exception:
            logger.exception("Partner %s was not told of its coupons on %s", account_id, day)
            failed.append(account_id)
    if failed:
        raise RuntimeError(f"{len(failed)} partners were not told of their coupons: {failed[:10]}")
    return told


def _due(moment: datetime) -> date | None:
    today, cycle = clock.business_date(moment), BillingCycle.of(moment)
    due = rules.due_days(date(cycle.year, cycle.month, cycle.days))
    return max((day for day in due if day <= today), default=None)


def _waiting(day: date, moment: datetime) -> Iterator[int]:
    """Partners with a test coupon of this month who want the mails and did not get this one."""
    cycle = BillingCycle.of(moment)
    coupons = Coupon.objects.filter(
        kind=CouponKind.TEST,
        revoked_at=None,
        starts_at__lt=cycle.end,
        ends_at__gt=cycle.start,
        account__partner_kind__in=reach.SETTLES,
    )
    coupons = coupons.exclude(
        account__in=CouponNotice.objects.filter(is_on=False).values("account")
    )
    coupons = coupons.exclude(account__in=Notice.objects.filter(key=_key(day)).values("account"))
    rows = coupons.order_by("account_id").values_list("account_id", flat=True).distinct()
    return rows.iterator()


def _key(day: date) -> str:
    return f"coupon-usage:{day}"


@transaction.atomic(durable=True)
def _tell(account_id: int, day: date, moment: datetime) -> bool:
    """Tell one partner; what is worked out for it is thrown away with the transaction's tables."""
    cycle = BillingCycle.of(moment)
    seen = allotting.preview(staging.scope(cycle, account_id))
    facts = [
        (_("Billing cycle"), str(cycle)),
        (_("Used of coupons (USD)"), _two(seen.used)),
        (_("Of these, test coupons (USD)"), _two(seen.used_of(CouponKind.TEST))),
        (
            _("Left on test coupons (USD)"),
            _two(_left(account_id, moment) - seen.used_of(CouponKind.TEST)),
        ),
        (_("Estimated amount due, tax not included (USD)"), _two(max(seen.due, Decimal(0)))),
    ]
    notifications.services.notify(
        operator_job("coupon notices"),
        account_id=account_id,
        type=COUPON_USAGE.code,
        key=_key(day),
        template="coupon_usage",
        context={"cycle": str(cycle), **_customers(seen)},
        facts=facts,
        link=reverse("billing:test-coupons"),
        link_label=_("View test coupons"),
    )
    return True


def _customers(seen: allotting.Preview) -> dict[str, Any]:
    largest = [(name, _two(amount)) for name, amount in seen.customers[:_NAMED]]
    return {"customers": largest, "more": max(len(seen.customers) - _NAMED, 0)}


def _left(account_id: int, moment: datetime) -> Decimal:
    """What test coupons that are valid now hold before this month is billed."""
    rows = Coupon.objects.filter(
        account_id=account_id, kind=CouponKind.TEST, revoked_at=None, ends_at__gt=moment
    )
    return sum(rows.values_list("balance", flat=True), Decimal(0))


def _two(amount: Decimal) -> str:
    return money.number(money.to_places(amount, 2))
