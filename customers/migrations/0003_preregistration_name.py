"""Names pre-registrations as people write them, in the operator's pages."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customer_life_cycle")]

    operations = [
        migrations.AlterModelOptions(
            name="preregistration", options={"verbose_name": "pre-registration"}
        )
    ]
