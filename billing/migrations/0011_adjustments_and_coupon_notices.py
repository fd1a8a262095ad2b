"""Adjustments of the operator, what a returned coupon had paid, and who wants no coupon mails."""

import django.db.models.deletion
import partner_center.amounts
from django.db import migrations, models

from partner_center.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_estimated_rebate"),
        ("billing", "0010_tax_notices"),
        ("catalog", "0002_savings_plan_terms"),
        ("metering", "0005_source_of_adjustments"),
        ("orders", "0005_order_exceptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="ID")),
                ("cycle", models.CharField(max_length=7, verbose_name="billing cycle")),
                ("amount", partner_center.amounts.AmountField()),
                ("reason", models.CharField(max_length=256)),
                ("corrects", models.CharField(blank=True, max_length=64)),
                ("posted_by", models.CharField(max_length=200)),
                ("posted_at", models.DateTimeField()),
                ("request_id", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="CouponNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="coupon",
            name="request_id",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="gives_back",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(
                condition=models.Q(("gives_back__isnull", False)),
                fields=["gives_back"],
                name="coupon_use_given_back",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="account",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AddField(
            model_name="couponnotice",
            name="account",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.account",
            ),
        ),
        migrations.AddIndex(
            model_name="adjustment",
            index=models.Index(fields=["account", "-posted_at"], name="adjustment_of_partner"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="adjustment_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="couponnotice",
            constraint=models.UniqueConstraint(
                fields=("account",), name="coupon_notice_of_account"
            ),
        ),
        AppendOnly("Adjustment"),
    ]
