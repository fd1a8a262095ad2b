"""The label of the registration email in the one spelling; the table stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_marketing_since")]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="registration email"),
        ),
    ]
