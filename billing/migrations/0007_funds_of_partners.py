"""Signing entities, the gateway's names, series of automatic charges; what the sandbox remembers."""

import billing.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_estimated_rebate"),
        ("billing", "0006_details"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxDeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=96, unique=True)),
                ("token", models.CharField(max_length=64)),
                ("reference", models.CharField(max_length=64, unique=True)),
                ("amount", billing.fields.CentField(default=0)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("outcome", models.CharField(max_length=16)),
                ("failure", models.CharField(blank=True, max_length=255)),
                ("refunded", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="card",
            name="tests",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="card",
            name="verification",
            field=models.CharField(blank=True, editable=False, max_length=128),
        ),
        migrations.AddField(
            model_name="partneraccount",
            name="card_quota_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="partneraccount",
            name="gateway_customer",
            field=models.CharField(blank=True, editable=False, max_length=128),
        ),
        migrations.AddField(
            model_name="partneraccount",
            name="signing_entity",
            field=models.CharField(
                default="Huawei Services (Hong Kong) Co., Limited",
                max_length=128,
                verbose_name="signing entity",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="bill",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="billing.bill",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="refunded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="series",
            field=models.CharField(blank=True, editable=False, max_length=48),
        ),
        migrations.AddField(
            model_name="payment",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transferticket",
            name="certificate_name",
            field=models.CharField(default="", editable=False, max_length=128),
        ),
        migrations.AlterField(
            model_name="card",
            name="id_kind",
            field=models.CharField(
                blank=True, choices=[("rut", "RUT"), ("otro", "Otro")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("succeeded", "Succeeded"),
                    ("failed", "Failed"),
                    ("refunding", "Refunding"),
                    ("refunded", "Refunded"),
                ],
                default="pending",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("series", ""), _negated=True),
                fields=["series"],
                name="payment_series",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state", "pending"), models.Q(("purpose", "verification"), _negated=True)
                ),
                fields=("account",),
                name="payment_one_pending",
            ),
        ),
    ]
