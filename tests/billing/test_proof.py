"""The package of a bill proves it, and rejects any change; the books of a cycle are verified."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from billing.choices import TaxKind
from billing.models import Bill, BillManifest, TaxRule
from billing.services import sealing, verifying

from .conftest import ISSUE, OCTOBER, Books


@pytest.fixture
def manifest(books: Books) -> BillManifest:
    """A sealed bill with a discount, coupons, a tax, a refund and another partner beside it."""
    books.discount("12.5")
    books.coupon("1.23456789")
    TaxRule.objects.create(
        country=str(books.cast.tidemark.service_country or books.cast.tidemark.country),
        kind=TaxKind.VAT,
        percent=Decimal("7.25"),
        valid_from=date(2020, 1, 1),
    )
    books.post(
        books.charge("13.39290295079"),
        books.charge("0.00000000000000000001", customer=books.cast.delta),
        books.charge("-2.5", bill_type="refund"),
        books.charge("8", customer=books.cast.quarry),
    )
    books.run()
    assert sealing.seal_all(ISSUE) == 2
    assert sealing.seal_all(ISSUE) == 0
    return BillManifest.objects.get(bill=books.bill())


def parts(manifest: BillManifest) -> dict[str, bytes]:
    """The files of the package."""
    with default_storage.open(manifest.file) as file, zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def verify(folder: Path, files: dict[str, bytes], fingerprint: str) -> tuple[int, str]:
    """What the stand-alone script says, run from the package itself, without Django."""
    package, script = folder / "bill.zip", folder / "verify_bill.py"
    with zipfile.ZipFile(package, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    script.write_bytes(files["verify_bill.py"])
    done = subprocess.run(
        [sys.executable, "-I", script, package, "--fingerprint", fingerprint],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def forged(files: dict[str, bytes], bill: Bill) -> dict[str, dict[str, bytes]]:
    """Changes that somebody could try, each as the package that it would leave."""
    details, said = files["details.csv"], json.loads(files["manifest.json"])
    first = details.split(b"\n", 2)
    said["bill"]["amount_due"] = "0.01"
    return {
        "one digit of a line": {
            "details.csv": details.replace(b"13.39290295079", b"13.39290295078")
        },
        "a line less": {"details.csv": first[0] + b"\n" + first[2]},
        "a line twice": {"details.csv": details + details.split(b"\n")[-2] + b"\n"},
        "another total": {"manifest.json": json.dumps(said).encode()},
        "a space in the manifest": {"manifest.json": files["manifest.json"] + b" "},
    }


@pytest.mark.requirement("05-BIL-04", "05-BIL-08", "05-BFD-07")
def test_the_script_proves_the_bill_and_rejects_any_change(manifest, tmp_path: Path) -> None:
    files = parts(manifest)
    status, words = verify(tmp_path, files, manifest.fingerprint)
    assert (status, words) == (
        0,
        f"{manifest.bill.number}: 3 lines, amount due {manifest.bill.amount_due} USD. Proven.\n",
    )
    for what, change in forged(files, manifest.bill).items():
        status, words = verify(tmp_path, files | change, manifest.fingerprint)
        assert (what, status) == (what, 1), words


@pytest.mark.requirement("05-BIL-19")
def test_the_books_of_a_cycle_are_verified(manifest) -> None:
    out = io.StringIO()
    call_command("verify_bills", "--cycle", "2026-10", stdout=out)
    findings = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(findings) == len(verifying.CHECKS) + 1
    assert all(finding["ok"] for finding in findings), findings


#: What breaks → a change behind the portal's back.
DAMAGE = {
    "every charge is on exactly one line": "DELETE FROM billing_billline WHERE settled < 0",
    "every line is settled as its charge": "UPDATE billing_billline SET percent = 13 WHERE settled > 9",
    "lines add up to their bill": "UPDATE billing_billline SET tax = tax + 1e-25 WHERE settled < 0",
    "sums add up to their bill": "UPDATE billing_billsum SET settled = settled + 1e-25",
    "taxes add up to their bill": "UPDATE billing_billtax SET amount = amount + 1e-25",
    "the total is rounded once": "UPDATE billing_bill SET total = total + 0.01",
    "coupons pay no line below zero, and what lines say": "UPDATE billing_billline SET coupons = 20",
    "coupons hold what their entries say": "UPDATE billing_coupon SET balance = balance + 1e-8",
    "coupon entries are what lines used": "UPDATE billing_couponuse SET amount = amount + 1e-8",
    "invoices are numbered without gaps": "UPDATE billing_invoicenumber SET last = last + 1",
    "what is paid is in the statements": "UPDATE billing_billaccount SET paid = 0.01",
    "accounts hold what their entries say": "UPDATE billing_partneraccount SET balance = 1",
    "packages are those that were sealed": "UPDATE billing_billmanifest SET details_sha256 = 'x'",
}


@pytest.mark.requirement("05-BIL-19", "05-STM-06")
def test_any_damage_is_found(manifest) -> None:
    assert set(DAMAGE) == {finding.what for finding in verifying.verify(OCTOBER)}
    for what, damage in DAMAGE.items():
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT whole; SET LOCAL session_replication_role = replica")
            cursor.execute(damage)
            broken = {finding.what for finding in verifying.verify(OCTOBER) if finding.count}
            cursor.execute("ROLLBACK TO SAVEPOINT whole")
        assert what in broken
