from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_told")]

    operations = [
        migrations.AddField(
            "billmanifest",
            "fingerprint",
            models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
    ]
