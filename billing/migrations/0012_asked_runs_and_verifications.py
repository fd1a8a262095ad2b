"""What the operator has asked of bill runs, and verifications with what they found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_estimated_rebate"),
        ("billing", "0011_adjustments_and_coupon_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.CharField(max_length=7, verbose_name="billing cycle")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("agrees", "Agrees"),
                            ("differs", "Differs"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("failure", models.CharField(blank=True, max_length=500)),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AlterModelOptions(
            name="runpart",
            options={
                "verbose_name": "partner of a bill run",
                "verbose_name_plural": "partners of bill runs",
            },
        ),
        migrations.AddField(
            model_name="billrun",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="runpart",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="runpart",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", False)),
                fields=["asked_at"],
                name="run_part_asked",
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="bill",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verifications",
                to="billing.bill",
            ),
        ),
        migrations.AddIndex(
            model_name="verification",
            index=models.Index(fields=["bill", "-id"], name="verification_of_bill"),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("cycle", "bill"),
                name="verification_waits_once",
                nulls_distinct=False,
            ),
        ),
    ]
