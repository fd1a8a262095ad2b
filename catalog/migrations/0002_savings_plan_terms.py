"""The hourly commitment of savings plans, and how far their prices lie below the list price."""

import partner_center.amounts
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_catalogue"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="commitment",
            field=partner_center.amounts.PriceField(
                blank=True, null=True, verbose_name="hourly commitment"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="plan_discount",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="discount on usage in percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("commitment", None), ("plan_discount", None)),
                    models.Q(("commitment__gt", 0), ("plan_discount__range", (1, 99))),
                    _connector="OR",
                ),
                name="product_plan_whole",
            ),
        ),
    ]
