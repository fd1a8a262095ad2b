"""A package that was renewed has a quota for each of its terms."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_cloud_resources")]

    operations = [
        migrations.RemoveConstraint(model_name="packagequota", name="package_quota_unique"),
        migrations.AddConstraint(
            model_name="packagequota",
            constraint=models.UniqueConstraint(
                condition=~models.Q(cycle=""),
                fields=("resource", "cycle"),
                name="package_quota_of_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="packagequota",
            constraint=models.UniqueConstraint(
                condition=models.Q(cycle=""),
                fields=("resource", "starts_at"),
                name="package_quota_of_term",
            ),
        ),
    ]
