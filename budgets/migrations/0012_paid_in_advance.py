"""What a partner has paid in advance counts against what it has used of its quota."""

from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_estimated_rebate"),
        ("budgets", "0011_holds_found_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="consumptionquota",
            name="prepaid",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                max_digits=20,
                verbose_name="paid in advance (USD)",
            ),
        ),
        migrations.AddConstraint(
            model_name="consumptionquota",
            constraint=models.CheckConstraint(
                condition=models.Q(("prepaid__gte", 0)),
                name="consumption_quota_prepaid_not_negative",
            ),
        ),
    ]
