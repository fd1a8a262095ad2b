"""Coupons of a partner walk through its transactions in sequence (05-CPR-03 to CPR-08)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.rules.pricing import EXACT
from metering.choices import BillType
from metering.rules.sums import exact_sum
from metering.services import statements
from partner_center.clock import BillingCycle

from ..choices import CouponKind, CouponMove
from ..models import Bill, Coupon, CouponEntry
from ..rules import taxes
from . import staging
from .staging import Group, Scope

_OPEN = """
INSERT INTO billing_open
SELECT record_id, payer_id, at, charged_at, customer_id, partner_id, service_type_id, mode,
    is_marketplace, trunc(settled, 8)
FROM billing_staged s
WHERE s.payer_id = ANY(%(payers)s) AND s.bill_type = 'expenditure' AND s.settled >= 0.00000001
"""
#: Sequence: transaction time, then number. A line is never paid below zero.
_COVER = """
WITH turns AS (
    SELECT o.record_id, o.open,
        sum(o.open) OVER (ORDER BY o.charged_at, o.record_id) - o.open AS before
    FROM billing_open o
    WHERE o.payer_id = %(payer)s AND o.open > 0 AND o.at >= %(starts)s AND o.at < %(ends)s
        AND (%(customer)s::bigint IS NULL OR o.customer_id = %(customer)s)
        AND (%(reseller)s::bigint IS NULL OR o.partner_id = %(reseller)s)
        AND (%(modes)s::text[] = '{}' OR o.mode = ANY(%(modes)s))
        AND (%(applicable)s::bigint[] = '{}' OR o.service_type_id = ANY(%(applicable)s))
        AND NOT o.service_type_id = ANY(%(excluded)s::bigint[])
        AND (%(marketplace)s OR NOT o.is_marketplace)
), covered AS (
    INSERT INTO billing_covered (record_id, coupon_id, amount)
    SELECT record_id, %(coupon)s, least(open, %(balance)s - before) FROM turns WHERE before < %(balance)s
    RETURNING record_id, amount
)
UPDATE billing_open o SET open = o.open - c.amount FROM covered c WHERE c.record_id = o.record_id
"""
#: A refund names, by its order line, the line that it gives back, or whose price it lowers. In
#: proportion to what it gives back, the coupons that paid that line should return; never more than they
#: paid, whatever was given back before. They do return when it was unsubscribed and its term had not
#: begun (so with new orders and with renewals), or because of an order exception (05-CPR-06). Where
#: they do not, their share is not paid back in money either. A line that takes a lowering back when the
#: rest is unsubscribed has the opposite sign, and so has its share.
_RETURN = """
INSERT INTO billing_covered (record_id, coupon_id, amount, returns, gives_back)
SELECT record_id, coupon_id, -(least(running, most) - least(running - part, most)), returns, gives_back
FROM (
    SELECT s.record_id, u.coupon_id, u.record_id AS gives_back, p.part,
        sum(p.part) OVER (
            PARTITION BY u.coupon_id, u.record_id ORDER BY s.charged_at, s.record_id) AS running,
        u.amount + coalesce((
            SELECT sum(b.amount) FROM billing_couponuse b
            WHERE b.gives_back = u.record_id AND b.coupon_id = u.coupon_id), 0) AS most,
        o.order_type = 'unsubscription' AND (o.by_exception OR c.started_at > c.charged_at) AS returns
    FROM billing_staged s
    JOIN metering_charge c ON c.cycle = %(cycle)s AND c.record_id = s.record_id
    JOIN metering_usagerecord r ON r.id = s.record_id
    JOIN orders_customerorder o ON o.order_no = s.order_no
    JOIN orders_orderitem i ON i.order_id = o.id AND r.key = o.order_no || '-' || i.number
    JOIN orders_orderitem named ON named.id = coalesce(i.gives_back_id, i.lowers_id)
    JOIN orders_orderitem gi ON gi.id = coalesce(named.lowers_id, named.id)
    JOIN orders_customerorder go ON go.id = gi.order_id
    JOIN metering_usagerecord gr
        ON gr.source_id = r.source_id AND gr.key = go.order_no || '-' || gi.number
    JOIN billing_couponuse u ON u.record_id = gr.id AND u.gives_back IS NULL
    JOIN billing_billline l ON l.cycle = u.cycle AND l.record_id = u.record_id AND l.settled > 0
    CROSS JOIN LATERAL (
        SELECT trunc(u.amount * least(-s.settled / l.settled, 1), 8) AS part) p
    WHERE s.payer_id = ANY(%(payers)s) AND s.bill_type = 'refund' AND s.settled <> 0
) back
"""
_BY_COUPON = """
SELECT coupon_id, sum(amount) FROM billing_covered
WHERE amount <> 0 AND returns IS NOT FALSE GROUP BY coupon_id
"""
_USES = """
INSERT INTO billing_couponuse (coupon_id, bill_id, cycle, record_id, amount, gives_back)
SELECT c.coupon_id, b.id, b.cycle, c.record_id, c.amount, c.gives_back
FROM billing_covered c
JOIN billing_coupon k ON k.id = c.coupon_id
JOIN billing_bill b ON b.account_id = k.account_id AND b.id = ANY(%(bills)s)
WHERE c.amount <> 0 AND c.returns IS NOT FALSE
"""


_OF_CUSTOMERS = """
SELECT a.name, sum(c.amount) FROM billing_covered c
JOIN billing_open o ON o.record_id = c.record_id JOIN accounts_account a ON a.id = o.customer_id
GROUP BY a.name ORDER BY 2 DESC, 1
"""
_SETTLED = "SELECT coalesce(sum(settled), 0) FROM billing_staged WHERE payer_id = %(payer)s"


@dataclass(frozen=True)
class Change:
    """What a bill takes from a coupon (positive) or gives back to it (negative), in USD."""

    coupon: Coupon
    amount: Decimal


@dataclass(frozen=True)
class Preview:
    """What coupons would pay of an open cycle if it ended now; amounts in USD, exact, before tax."""

    settled: Decimal
    changes: Sequence[Change]
    #: Account names with what coupons pay of their expenditures, the largest first.
    customers: Sequence[tuple[str, Decimal]]

    @property
    def used(self) -> Decimal:
        """By all coupons; what refunds return is taken off."""
        return exact_sum(change.amount for change in self.changes)

    def used_of(self, kind: CouponKind) -> Decimal:
        """By coupons of one kind."""
        return exact_sum(each.amount for each in self.changes if each.coupon.kind == kind)

    @property
    def due(self) -> Decimal:
        """What is left to pay; below zero where refunds prevail."""
        return EXACT.subtract(self.settled, self.used)


def preview(wanted: Scope) -> Preview:
    """Work out an open cycle in the caller's transaction; nothing is stored."""
    if not wanted.charges:
        return Preview(Decimal(0), [], [])
    groups = staging.stage(wanted.cycle, [wanted], {wanted.payer_id: taxes.spans([])})
    changes, is_covered = allot(wanted.cycle, [wanted.payer_id], groups)
    customers = (
        [(name, amount) for name, amount in statements.rows(_OF_CUSTOMERS)] if is_covered else []
    )
    settled = statements.value(_SETTLED, {"payer": wanted.payer_id})
    return Preview(settled, changes, customers)


def allot(
    cycle: BillingCycle, payers: Collection[int], groups: Mapping[int, Sequence[Group]]
) -> tuple[list[Change], bool]:
    """Cover transactions of partners with their coupons; nothing is stored but in temporary tables.

    :func:`staging.stage` goes before, whose ``groups`` these are, by payer. Locks the coupons. Of each
    partner those of a customer go first, of each class the one that expires first, then the one that was
    issued first. The second value says whether a line has coupons at all, also such as do not return.
    """
    if not (coupons := _locked(payers)):
        return [], False
    parameters = {"payers": list(payers), "cycle": str(cycle)}
    statements.run(_OPEN, parameters)
    for coupon in coupons:
        if coupon.balance > 0 and coupon.revoked_at is None:
            statements.run(_COVER, _parameters(coupon))
    if any(group.bill_type == BillType.REFUND for key in payers for group in groups.get(key, ())):
        statements.run(_RETURN, parameters)
    by_key = {coupon.pk: coupon for coupon in coupons}
    changes = [Change(by_key[key], amount) for key, amount in statements.rows(_BY_COUPON)]
    return changes, bool(statements.value("SELECT EXISTS (SELECT FROM billing_covered)"))


def book(bills: Sequence[Bill], changes: Sequence[Change], moment: datetime) -> None:
    """Take what was allotted from the coupons, with its entries and its uses of lines."""
    if not changes:
        return
    statements.run(_USES, {"bills": [bill.pk for bill in bills]})
    of_payer = {bill.account_id: bill for bill in bills}
    for change in changes:
        change.coupon.balance = EXACT.subtract(change.coupon.balance, change.amount)
    Coupon.objects.bulk_update([change.coupon for change in changes], ["balance"])
    CouponEntry.objects.bulk_create(
        _entry(of_payer[change.coupon.account_id], change, moment) for change in changes
    )


def _locked(payers: Collection[int]) -> list[Coupon]:
    rows = Coupon.objects.filter(account__in=payers).order_by("pk")
    coupons = list(rows.select_for_update().prefetch_related("applicable", "excluded"))
    return sorted(coupons, key=lambda c: (c.customer_id is None, c.ends_at, c.issued_at, c.pk))


def _parameters(coupon: Coupon) -> dict[str, object]:
    return {
        "coupon": coupon.pk,
        "payer": coupon.account_id,
        "balance": coupon.balance,
        "starts": coupon.starts_at,
        "ends": coupon.ends_at,
        "customer": coupon.customer_id,
        "reseller": coupon.reseller_id,
        "modes": list(coupon.modes),
        "applicable": [service.pk for service in coupon.applicable.all()],
        "excluded": [service.pk for service in coupon.excluded.all()],
        "marketplace": coupon.pays_marketplace,
    }


def _entry(bill: Bill, change: Change, moment: datetime) -> CouponEntry:
    return CouponEntry(
        account_id=bill.account_id,
        coupon=change.coupon,
        move=CouponMove.USED if change.amount > 0 else CouponMove.RETURNED,
        amount=-change.amount,
        balance=change.coupon.balance,
        bill=bill,
        at=moment,
    )
