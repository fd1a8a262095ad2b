"""The proof of an issued bill: a package with its details, its manifest and a script that checks both.

It is made once, from books that never change, right after the bill; its fingerprint is the SHA-256 of
the manifest, which names the SHA-256 of the details.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from metering.services import statements
from partner_center.money import plain

from .. import proof_script
from ..models import Bill, BillManifest
from ..rules import proof

#: Name of the task that calls :func:`seal_all`; by name, because services know no tasks.
SEAL_TASK = "billing.seal_bills"
_TAKE = "SELECT pg_try_advisory_xact_lock(hashtext('billing.sealing'), %(bill)s::int)"
_DETAILS = """
SELECT l.record_id, cu.public_id, pa.public_id, p.code, s.code, coalesce(r.code, ''), c.mode,
    c.bill_type, CASE WHEN c.order_no <> '' THEN c.order_no ELSE c.record_id::text END,
    to_char(c.charged_at AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM-DD HH24:MI:SS "GMT+08:00"'),
    trim_scale(c.list_amount), l.settlement, trim_scale(l.percent), trim_scale(l.unit_price),
    trim_scale(l.settled), trim_scale(l.coupons), trim_scale(l.settled - l.coupons), trim_scale(l.tax),
    trim_scale(l.settled - l.coupons + l.tax)
FROM billing_billline l
JOIN metering_charge c ON c.cycle = l.cycle AND c.record_id = l.record_id
JOIN accounts_account cu ON cu.id = c.customer_id
JOIN accounts_account pa ON pa.id = c.partner_id
JOIN catalog_product p ON p.id = c.product_id
JOIN catalog_servicetype s ON s.id = c.service_type_id
LEFT JOIN catalog_region r ON r.id = c.region_id
WHERE l.cycle = %(cycle)s AND l.bill_id = %(bill)s
ORDER BY l.record_id
"""
_SUMS = """
SELECT {key}, sum(b.list_amount), sum(b.settled), sum(b.coupons), sum(b.settled) - sum(b.coupons),
    sum(b.tax), sum(b.settled) - sum(b.coupons) + sum(b.tax)
FROM billing_billsum b JOIN accounts_account cu ON cu.id = b.customer_id
JOIN catalog_product p ON p.id = b.product_id
WHERE b.bill_id = %(bill)s GROUP BY 1 ORDER BY 1
"""
_KEYS = {"customer_id": "cu.public_id", "product_id": "p.code", "bill_type": "b.bill_type"}


def seal_all(moment: datetime) -> int:
    """Make the packages of all bills that have none; how many. Safe to repeat and to run twice."""
    return sum(_seal(key, moment) for key in list(_unsealed()))


def _unsealed() -> Iterator[int]:
    sealed = BillManifest.objects.filter(bill=OuterRef("pk"))
    yield from Bill.objects.filter(~Exists(sealed)).order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _seal(bill_id: int, moment: datetime) -> bool:
    if not statements.value(_TAKE, {"bill": bill_id % 2**31}):
        return False
    bill = Bill.objects.select_related("account").get(pk=bill_id)
    if BillManifest.objects.filter(bill=bill).exists():
        return False
    name = f"bills/{bill.cycle}/{proof.package_name(bill.number)}"
    with tempfile.TemporaryDirectory(prefix="bill-") as folder:
        path = Path(folder) / "package.zip"
        content, text = _write(bill, path, Path(folder) / proof.DETAILS)
        # A killed sealing may have left a file of the same content.
        default_storage.delete(name)
        with path.open("rb") as package:
            stored = default_storage.save(name, File(package))
    BillManifest.objects.create(
        bill=bill,
        content=content,
        details_sha256=content["details_sha256"],
        fingerprint=hashlib.sha256(text).hexdigest(),
        file=stored,
        sealed_at=moment,
    )
    return True


def _write(bill: Bill, path: Path, details: Path) -> tuple[dict[str, Any], bytes]:
    """The package at a path; its manifest, as content and as bytes."""
    with details.open("wb") as out:
        copy_details(bill, out)
    with details.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    content = manifest_of(bill, digest)
    text = json.dumps(content, indent=1, sort_keys=True).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(details, proof.DETAILS)
        package.writestr(proof.MANIFEST, text)
        package.write(proof_script.__file__, proof.SCRIPT)
    return content, text


def copy_details(bill: Bill, out: IO[bytes]) -> None:
    """All lines by COPY, however many: memory stays flat."""
    out.write((",".join(proof.COLUMNS) + "\n").encode())
    with connection.cursor() as cursor:
        sql = cursor.mogrify(_DETAILS, {"cycle": bill.cycle, "bill": bill.pk}).decode()
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", out)


def manifest_of(bill: Bill, details_sha256: str) -> dict[str, Any]:
    """What the package of a bill must contain. Amounts are text, in USD, exact."""
    return {
        "format": proof.FORMAT,
        "bill": {
            "number": bill.number,
            "partner_id": bill.account.public_id,
            "cycle": bill.cycle,
            "exact_total": plain(bill.exact_total),
            "total": plain(bill.total),
            "withheld": plain(bill.withheld),
            "credit_used": plain(bill.credit_used),
            "amount_due": plain(bill.amount_due),
            "currency": bill.currency,
            "rate": plain(bill.rate),
            "currency_amount": plain(bill.currency_amount),
            "issued_at": bill.issued_at.isoformat(),
        },
        "lines": bill.lines,
        "details_sha256": details_sha256,
        "sums": _sums(bill, "''::text")[""],
        "by": {column: _sums(bill, key) for column, key in _KEYS.items()},
        "taxes": [
            {
                "kind": tax.kind,
                "percent": plain(tax.percent),
                "base": plain(tax.base),
                "amount": plain(tax.amount),
            }
            for tax in bill.taxes.order_by("kind", "percent")
        ],
    }


def _sums(bill: Bill, key: str) -> dict[str, dict[str, str]]:
    rows = statements.rows(_SUMS.format(key=key), {"bill": bill.pk})
    return {value: _named(amounts) for value, *amounts in rows}


def _named(amounts: list[Decimal]) -> dict[str, str]:
    return {name: plain(amount) for name, amount in zip(proof.AMOUNTS, amounts, strict=True)}
