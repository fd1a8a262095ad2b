"""Order exceptions of the operator, and which paid line a cheaper specification lowers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_enterprise_project_of_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerorder",
            name="by_exception",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="lowers",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.orderitem",
            ),
        ),
    ]
