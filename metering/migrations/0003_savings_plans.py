"""What savings plans cover of a charge, and what was taken of their commitment in each hour."""

import django.db.models.deletion
import partner_center.amounts
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metering", "0002_repeatable_books"),
        ("resources", "0001_cloud_resources"),
    ]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="pricing_savings",
            field=partner_center.amounts.PricingQuantityField(null=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="savings_usage",
            field=partner_center.amounts.QuantityField(null=True),
        ),
        migrations.CreateModel(
            name="SavingsUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.CharField(max_length=7)),
                ("hour", models.DateTimeField()),
                ("used", partner_center.amounts.AmountField()),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resources.cloudresource",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("resource", "hour", "cycle"), name="savings_use_unique"
                    )
                ],
            },
        ),
    ]
