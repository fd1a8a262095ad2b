"""What must hold of the books of a cycle, asked of every row of them (``verify_bills``)."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage

from metering.services import statements
from partner_center.clock import BillingCycle

from ..models import BillManifest
from ..rules import proof

#: Name of what must hold → statement that answers what breaks it, as text. Parameter: ``cycle``.
CHECKS = {
    "every charge is on exactly one line": """
        SELECT 'charge ' || coalesce(c.record_id, l.record_id)
        FROM (SELECT record_id FROM metering_charge WHERE cycle = %(cycle)s AND model = 'reseller') c
        FULL JOIN (SELECT record_id FROM billing_billline WHERE cycle = %(cycle)s) l USING (record_id)
        WHERE c.record_id IS NULL OR l.record_id IS NULL""",
    "every line is settled as its charge": """
        SELECT 'line ' || l.record_id
        FROM billing_billline l
        JOIN billing_bill b ON b.id = l.bill_id
        LEFT JOIN billing_settled_charge s ON s.cycle = %(cycle)s AND s.record_id = l.record_id
        WHERE l.cycle = %(cycle)s AND (s.record_id IS NULL OR s.payer_id <> b.account_id OR s.is_outside
            OR (s.settled, s.settlement, s.percent, s.unit_price)
                IS DISTINCT FROM (l.settled, l.settlement, l.percent, l.unit_price))""",
    "lines add up to their bill": """
        SELECT b.number
        FROM billing_bill b
        JOIN (SELECT bill_id, count(*) AS lines, sum(settled) AS settled, sum(coupons) AS coupons,
                sum(tax) AS tax FROM billing_billline WHERE cycle = %(cycle)s GROUP BY bill_id) l
            ON l.bill_id = b.id
        WHERE b.cycle = %(cycle)s AND (l.lines, l.settled, l.coupons, l.tax) IS DISTINCT FROM
            (b.lines, b.expenditures + b.refunds + b.adjustments, b.coupons, b.tax)
        UNION ALL SELECT number FROM billing_bill b WHERE b.cycle = %(cycle)s
            AND NOT EXISTS (
                SELECT FROM billing_billline l WHERE l.cycle = b.cycle AND l.bill_id = b.id)""",
    "sums add up to their bill": """
        SELECT b.number
        FROM billing_bill b
        JOIN (SELECT bill_id, sum(lines) AS lines, sum(list_amount) AS list_amount,
                coalesce(sum(settled) FILTER (WHERE bill_type = 'expenditure'), 0) AS expenditures,
                coalesce(sum(settled) FILTER (WHERE bill_type = 'refund'), 0) AS refunds,
                coalesce(sum(settled) FILTER (WHERE bill_type = 'adjustment'), 0) AS adjustments,
                sum(coupons) AS coupons, sum(tax) AS tax FROM billing_billsum GROUP BY bill_id) s
            ON s.bill_id = b.id
        WHERE b.cycle = %(cycle)s AND (s.lines, s.list_amount, s.expenditures, s.refunds, s.adjustments,
            s.coupons, s.tax) IS DISTINCT FROM (b.lines, b.list_amount, b.expenditures, b.refunds,
            b.adjustments, b.coupons, b.tax)""",
    "taxes add up to their bill": """
        SELECT b.number
        FROM billing_bill b LEFT JOIN billing_billtax t ON t.bill_id = b.id
        WHERE b.cycle = %(cycle)s GROUP BY b.id
        HAVING coalesce(sum(t.amount) FILTER (WHERE t.kind <> 'wht'), 0) <> b.tax
            OR bool_or(t.amount <> t.base * t.percent * 0.01)""",
    "the total is rounded once": """
        SELECT number FROM billing_bill b WHERE b.cycle = %(cycle)s
            AND (total <> round(exact_total, 2)
                OR amount_due <> greatest(total - withheld - credit_used, 0))""",
    "coupons pay no line below zero, and what lines say": """
        SELECT 'line ' || l.record_id
        FROM billing_billline l LEFT JOIN (
            SELECT record_id, sum(amount) AS amount FROM billing_couponuse WHERE cycle = %(cycle)s
            GROUP BY record_id) u ON u.record_id = l.record_id
        WHERE l.cycle = %(cycle)s AND (l.coupons > greatest(l.settled, 0)
            OR l.returns_coupons IS NOT FALSE AND l.coupons <> coalesce(u.amount, 0)
            OR l.returns_coupons IS FALSE AND u.amount IS NOT NULL)""",
    "coupons hold what their entries say": """
        SELECT c.number FROM billing_coupon c
        LEFT JOIN billing_couponentry e ON e.coupon_id = c.id
        GROUP BY c.id HAVING coalesce(sum(e.amount), 0) <> c.balance""",
    "coupon entries are what lines used": """
        SELECT b.number FROM billing_bill b
        LEFT JOIN (SELECT bill_id, sum(amount) AS amount FROM billing_couponentry GROUP BY bill_id) e
            ON e.bill_id = b.id
        LEFT JOIN (SELECT bill_id, sum(amount) AS amount FROM billing_couponuse GROUP BY bill_id) u
            ON u.bill_id = b.id
        WHERE b.cycle = %(cycle)s AND coalesce(-e.amount, 0) <> coalesce(u.amount, 0)""",
    "invoices are numbered without gaps": """
        SELECT n.series FROM billing_invoicenumber n
        LEFT JOIN (SELECT left(number, 6) AS series, count(*) AS invoices FROM billing_invoice
            GROUP BY 1) i ON i.series = n.series
        WHERE coalesce(i.invoices, 0) <> n.last""",
    "what is paid is in the statements": """
        SELECT b.number FROM billing_bill b
        JOIN billing_billaccount a ON a.bill_id = b.id
        LEFT JOIN (SELECT bill_id, -sum(amount) AS paid FROM billing_statemententry
            WHERE type = 'repayment' GROUP BY bill_id) e ON e.bill_id = b.id
        WHERE b.cycle = %(cycle)s AND (coalesce(e.paid, 0) <> a.paid OR a.amount_due <> b.amount_due)""",
    "accounts hold what their entries say": """
        SELECT 'account ' || a.account_id FROM billing_partneraccount a
        LEFT JOIN billing_statemententry e ON e.account_id = a.account_id
        GROUP BY a.id HAVING coalesce(sum(e.amount), 0) <> a.balance""",
}
#: Of what breaks a rule, so much is named.
MOST_NAMED = 20


@dataclass(frozen=True)
class Finding:
    """What must hold, and what breaks it: how many, and the first of them."""

    what: str
    count: int
    named: list[str]


def verify(cycle: BillingCycle) -> list[Finding]:
    """Check the books of a cycle; everything that must hold, with what breaks it. Writes nothing."""
    parameters = {"cycle": str(cycle)}
    found = [_finding(what, statement, parameters) for what, statement in CHECKS.items()]
    broken = list(_broken_packages(cycle))
    found.append(Finding("packages are those that were sealed", len(broken), broken[:MOST_NAMED]))
    return found


def _finding(what: str, statement: str, parameters: dict[str, str]) -> Finding:
    rows = [str(name) for (name,) in statements.rows(statement, parameters)]
    return Finding(what, len(rows), rows[:MOST_NAMED])


def _broken_packages(cycle: BillingCycle) -> Iterator[str]:
    sealed = BillManifest.objects.filter(bill__cycle=str(cycle)).select_related("bill")
    for manifest in sealed.order_by("pk").iterator():
        if not is_whole(manifest):
            yield manifest.bill.number


def is_whole(manifest: BillManifest) -> bool:
    """Whether the stored package is that which was sealed."""
    try:
        with default_storage.open(manifest.file) as file, zipfile.ZipFile(file) as package:
            digest = _digest_of(package, proof.DETAILS)
            fingerprint = hashlib.sha256(package.read(proof.MANIFEST)).hexdigest()
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return (digest, fingerprint) == (manifest.details_sha256, manifest.fingerprint)


def _digest_of(package: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with package.open(name) as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
