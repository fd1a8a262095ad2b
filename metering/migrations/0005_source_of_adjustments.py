"""Adjustments of the operator come from a source of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metering", "0004_spend_of_cycle"),
    ]

    operations = [
        migrations.AlterField(
            model_name="usagesource",
            name="kind",
            field=models.CharField(
                choices=[
                    ("native", "Native usage format"),
                    ("focus", "FOCUS 1.0"),
                    ("orders", "Orders"),
                    ("adjustments", "Adjustments"),
                ],
                max_length=16,
            ),
        ),
    ]
