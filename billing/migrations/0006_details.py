"""Lines and settled charges know their charge; the rows of a FOCUS file of an issued bill."""

import django.db.models.deletion
from django.db import migrations, models

import billing.fields

#: What is billed of a line, as FOCUS tells it apart: the charge, what coupons paid of it, its tax.
PARTS = """
CREATE VIEW billing_bill_part AS
SELECT record_id, cycle, bill_id, customer_id, 'charge' AS part, settled, coupons, tax,
    settled AS billed
FROM billing_billline
UNION ALL
SELECT record_id, cycle, bill_id, customer_id, 'coupon', settled, coupons, tax, -coupons
FROM billing_billline WHERE coupons <> 0
UNION ALL
SELECT record_id, cycle, bill_id, customer_id, 'tax', settled, coupons, tax, tax
FROM billing_billline WHERE tax <> 0
"""
PARTS_BACK = "DROP VIEW billing_bill_part"
CHARGE = {
    "to": "metering.charge",
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "from_fields": ["record_id", "cycle"],
    "to_fields": ["record", "cycle"],
    "related_name": "+",
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_dismissed_notes"),
        ("metering", "0004_spend_of_cycle"),
    ]

    operations = [
        migrations.RunSQL(PARTS, PARTS_BACK),
        migrations.AddField("billline", "charge", models.ForeignObject(**CHARGE)),
        migrations.AddField("settledcharge", "charge", models.ForeignObject(**CHARGE)),
        migrations.CreateModel(
            name="BillPart",
            fields=[
                ("record_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("cycle", models.CharField(max_length=7)),
                ("part", models.CharField(max_length=8)),
                ("settled", billing.fields.SettledField()),
                ("coupons", billing.fields.CouponAmountField()),
                ("tax", billing.fields.SettledField()),
                ("billed", billing.fields.SettledField()),
            ],
            options={"db_table": "billing_bill_part", "managed": False},
        ),
    ]
