"""What the package of an issued bill holds: names, columns and how numbers are written. Pure."""

from __future__ import annotations

#: Version of the layout; the verification script refuses others.
FORMAT = "partner-bill-proof/1"
DETAILS = "details.csv"
MANIFEST = "manifest.json"
SCRIPT = "verify_bill.py"
#: Columns of the details, one line for each transaction of the bill, in the order of their numbers.
COLUMNS = (
    "line",
    "customer_id",
    "partner_id",
    "product_id",
    "product_type_code",
    "region_code",
    "billing_mode",
    "bill_type",
    "transaction_id",
    "transaction_time",
    "customer_expenditure",
    "settlement_type",
    "settlement_discount_percent",
    "fixed_unit_price",
    "settlement_amount",
    "coupons_used",
    "tax_exclusive_amount_due",
    "tax_amount",
    "amount_due",
)
#: Amounts that the manifest adds up, in all and by each of these columns.
AMOUNTS = (
    "customer_expenditure",
    "settlement_amount",
    "coupons_used",
    "tax_exclusive_amount_due",
    "tax_amount",
    "amount_due",
)
GROUPS = ("customer_id", "product_id", "bill_type")


def package_name(number: str) -> str:
    """Name of the package of a bill."""
    return f"{number}.zip"
