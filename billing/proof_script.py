#!/usr/bin/env python3
"""Verify the package of a partner bill: python3 verify_bill.py PACKAGE.zip [--fingerprint HEX]

Needs nothing but Python 3.9. It checks that the details are those that the manifest names (SHA-256),
adds every column up again, exactly, and computes the totals of the bill from them. The fingerprint is
that of the manifest: your portal shows it beside the bill. With it, no change of any kind passes.
Ends with 0 when everything agrees, with 1 when something does not, with 2 when it agrees but no
fingerprint was given.
"""

import argparse
import csv
import decimal
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

FORMAT = "partner-bill-proof/1"
AMOUNTS = (
    "customer_expenditure",
    "settlement_amount",
    "coupons_used",
    "tax_exclusive_amount_due",
    "tax_amount",
    "amount_due",
)
GROUPS = ("customer_id", "product_id", "bill_type")
CENT = Decimal("0.01")


class Wrong(Exception):
    """The package does not prove its bill."""


def check(truth, sentence):
    """Raise Wrong with the sentence unless it is so."""
    if not truth:
        raise Wrong(sentence)


def read(path):
    """The manifest as bytes, and the details as bytes."""
    with zipfile.ZipFile(path) as package:
        return package.read("manifest.json"), package.read("details.csv")


def add_up(details):
    """Count and sums of the details: in all, and by the columns of GROUPS."""
    total = dict.fromkeys(AMOUNTS, Decimal(0))
    groups = {name: defaultdict(lambda: dict.fromkeys(AMOUNTS, Decimal(0))) for name in GROUPS}
    count, last = 0, -1
    for row in csv.DictReader(io.TextIOWrapper(io.BytesIO(details), "utf-8", newline="")):
        number = int(row["line"])
        check(number > last, f"line {number} stands twice or in the wrong place")
        last, count = number, count + 1
        amounts = {name: Decimal(row[name]) for name in AMOUNTS}
        check_line(number, amounts)
        for name, amount in amounts.items():
            total[name] += amount
            for column, sums in groups.items():
                sums[row[column]][name] += amount
    return count, total, groups


def check_line(number, amounts):
    """The columns of one line agree with each other."""
    exclusive = amounts["settlement_amount"] - amounts["coupons_used"]
    check(exclusive == amounts["tax_exclusive_amount_due"], f"line {number}: tax-exclusive amount")
    due = exclusive + amounts["tax_amount"]
    check(due == amounts["amount_due"], f"line {number}: amount due")


def same(said, found, what):
    """Sums of the manifest are those of the details."""
    for name in AMOUNTS:
        check(Decimal(said[name]) == found[name], f"{what}: {name} is {found[name]:f}")


def verify(manifest, details):
    """Check a package. Raises Wrong."""
    said = json.loads(manifest)
    check(said["format"] == FORMAT, f"format {said['format']} is not known to this script")
    digest = hashlib.sha256(details).hexdigest()
    check(digest == said["details_sha256"], "the details are not those of the manifest")
    count, total, groups = add_up(details)
    check(count == said["lines"], f"{count} lines instead of {said['lines']}")
    same(said["sums"], total, "all lines")
    for column, sums in groups.items():
        check(set(sums) == set(said["by"][column]), f"values of {column}")
        for value, found in sums.items():
            same(said["by"][column][value], found, f"{column} {value}")
    verify_totals(said["bill"], total, said["taxes"])
    return said


def verify_totals(bill, total, taxes):
    """The figures of the bill follow from the sums."""
    exact = total["amount_due"]
    check(Decimal(bill["exact_total"]) == exact, f"the exact total is {exact:f}")
    rounded = exact.quantize(CENT, rounding=ROUND_HALF_UP)
    check(Decimal(bill["total"]) == rounded, f"the total is {rounded}")
    due = max(rounded - Decimal(bill["withheld"]) - Decimal(bill["credit_used"]), Decimal(0))
    check(Decimal(bill["amount_due"]) == due, f"the amount due is {due}")
    added = Decimal(0)
    for tax in taxes:
        amount = Decimal(tax["base"]) * Decimal(tax["percent"]) / 100
        check(amount == Decimal(tax["amount"]), f"tax {tax['kind']} is {amount:f}")
        added += amount if tax["kind"] != "wht" else 0
    check(added == total["tax_amount"], f"the taxes come to {added:f}")


def main():
    """Read the command line and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package")
    parser.add_argument("--fingerprint", help="SHA-256 of the manifest, as the portal shows it")
    wanted = parser.parse_args()
    decimal.getcontext().prec = 100
    try:
        manifest, details = read(wanted.package)
        fingerprint = hashlib.sha256(manifest).hexdigest()
        if wanted.fingerprint:
            check(fingerprint == wanted.fingerprint.strip().lower(), "the manifest was changed")
        said = verify(manifest, details)
    except (Wrong, KeyError, ValueError, ArithmeticError, zipfile.BadZipFile, OSError) as error:
        print(f"NOT PROVEN: {error}")
        return 1
    bill = said["bill"]
    due = Decimal(bill["amount_due"]).quantize(CENT)
    print(f"{bill['number']}: {said['lines']} lines, amount due {due} USD. Proven.")
    if not wanted.fingerprint:
        print(f"Compare this fingerprint with that of your portal: {fingerprint}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
