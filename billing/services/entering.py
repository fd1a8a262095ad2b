"""Writing the bills of a lot from what is staged, each with its lines, sums and taxes: set-based."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from metering.services import statements
from partner_center import copying
from partner_center.clock import BillingCycle

from ..choices import BillState, TaxKind
from ..models import Bill, BillAccount, BillTax

#: Parts that are not issued and that nobody else works on, then the accounts of their partners, in an
#: order that is the same for everybody.
#:
#: The commit need not wait for the disk: a bill that a breakdown of the database takes back is issued by
#: the next run, and whatever follows from a bill (mails, charges of cards) is committed after it, which
#: waits for both.
_LOCK = """
WITH part AS (
    SELECT id, account_id FROM billing_runpart WHERE id = ANY(%(parts)s) AND state <> 'issued'
    FOR UPDATE SKIP LOCKED
)
SELECT part.id, a.term_days, a.balance, set_config('synchronous_commit', 'off', true)
FROM part JOIN billing_partneraccount a ON a.account_id = part.account_id
ORDER BY a.account_id FOR UPDATE OF a
"""
_LINES = """
INSERT INTO {lines} (record_id, cycle, bill_id, customer_id, charged_at, settlement, percent, unit_price,
    settled, coupons, returns_coupons, tax)
SELECT s.record_id, b.cycle, b.id, s.customer_id, s.charged_at, s.settlement, s.percent, s.unit_price,
    s.settled, s.coupons, s.returns, s.tax
FROM billing_staged s JOIN billing_bill b ON b.account_id = s.payer_id
WHERE b.id = ANY(%(bills)s)
"""
_SUMS = """
INSERT INTO billing_billsum (bill_id, customer_id, partner_id, service_type_id, product_id, region_id,
    mode, bill_type, settlement, percent, unit_price, lines, list_amount, settled, coupons, tax)
SELECT b.id, s.customer_id, s.partner_id, s.service_type_id, s.product_id, s.region_id, s.mode,
    s.bill_type, s.settlement, s.percent, s.unit_price, sum(s.lines), sum(s.list_amount),
    sum(s.settled), sum(s.coupons), sum(s.tax)
FROM billing_staged_sum s JOIN billing_bill b ON b.account_id = s.payer_id
WHERE b.id = ANY(%(bills)s)
GROUP BY b.id, s.customer_id, s.partner_id, s.service_type_id, s.product_id, s.region_id, s.mode,
    s.bill_type, s.settlement, s.percent, s.unit_price
"""
_STORED = """
SELECT l.*, s.lines, s.list_amount, s.settled, s.coupons, s.tax
FROM (
    SELECT bill_id, count(*), sum(settled), sum(coupons), sum(tax)
    FROM {lines} WHERE bill_id = ANY(%(bills)s) GROUP BY bill_id
) l JOIN (
    SELECT bill_id, sum(lines) AS lines, sum(list_amount) AS list_amount, sum(settled) AS settled,
        sum(coupons) AS coupons, sum(tax) AS tax
    FROM billing_billsum WHERE bill_id = ANY(%(bills)s) GROUP BY bill_id
) s ON s.bill_id = l.bill_id
"""
_DONE = """
UPDATE billing_runpart SET state = 'issued', cause = '', tried_at = %(moment)s, asked_at = NULL
WHERE id = ANY(%(parts)s)
"""


@dataclass(frozen=True)
class Standing:
    """What a locked partner has paid in advance, in USD, and in how many days it pays."""

    term_days: int
    balance: Decimal


@dataclass(frozen=True)
class Tax:
    """One tax of a bill: percent, what it is on, and what it comes to. USD, exact."""

    kind: TaxKind
    percent: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Stored:
    """What was stored of a bill, counted and added up: lines, and sums of them. USD, exact."""

    #: Count, settled, coupons, tax.
    lines: tuple[int, Decimal, Decimal, Decimal]
    #: Count of lines, list amount, settled, coupons, tax.
    sums: tuple[int, Decimal, Decimal, Decimal, Decimal]


def lock(parts: Collection[int]) -> dict[int, Standing]:
    """Lock parts of a run and the accounts of their partners until the transaction ends, by part.

    Those that are issued, or that somebody else works on, are left out.
    """
    rows = statements.rows(_LOCK, {"parts": list(parts)})
    return {part: Standing(term_days, balance) for part, term_days, balance, _mode in rows}


def enter(cycle: BillingCycle, bills: Mapping[Bill, Sequence[Tax]]) -> dict[int, Stored]:
    """Write bills of a cycle with all that is staged for their partners; what was stored of each."""
    copying.insert(Bill, bills, with_keys=True)
    copying.insert(BillAccount, (_standing(bill) for bill in bills), with_keys=True)
    copying.insert(BillTax, (row for bill, taxes in bills.items() for row in _rows(bill, taxes)))
    parameters = {"bills": [bill.pk for bill in bills]}
    lines = _lines_of(cycle)
    statements.run(_LINES.format(lines=lines), parameters)
    statements.run(_SUMS, parameters)
    rows = statements.rows(_STORED.format(lines=lines), parameters)
    return {row[0]: Stored(row[1:5], row[5:]) for row in rows}


def done(parts: Collection[int], moment: datetime) -> None:
    """Note that the bills of parts are issued."""
    statements.run(_DONE, {"parts": list(parts), "moment": moment})


def _standing(bill: Bill) -> BillAccount:
    return BillAccount(
        bill=bill,
        account_id=bill.account_id,
        state=BillState.UNPAID if bill.amount_due else BillState.NOTHING_DUE,
        amount_due=bill.amount_due,
        credit_left=max(-bill.total, Decimal(0)),
        due_at=bill.due_at,
    )


def _rows(bill: Bill, taxes: Iterable[Tax]) -> list[BillTax]:
    return [
        BillTax(bill=bill, kind=tax.kind, percent=tax.percent, base=tax.base, amount=tax.amount)
        for tax in taxes
    ]


def _lines_of(cycle: BillingCycle) -> str:
    """The partition: statements need not look for it."""
    return f"billing_billline_{cycle}".replace("-", "_")
