"""Budgets, their adjustment records, the ledger of alerts and the queues of the check."""

import django.db.models.deletion
import partner_center.amounts
from django.conf import settings
from django.db import migrations, models

from partner_center.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_registration_email_label"),
        ("budgets", "0003_release_of_frozen_resources"),
        ("customers", "0007_wording"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("threshold", "Budget usage"),
                            ("frozen_again", "Frozen again"),
                            ("forecast", "Forecast"),
                            ("quota", "Consumption quota"),
                        ],
                        max_length=16,
                    ),
                ),
                ("threshold", models.PositiveSmallIntegerField(null=True)),
                (
                    "budget_type",
                    models.CharField(
                        choices=[("monthly", "Monthly Budget"), ("one_time", "One-Time Budget")],
                        max_length=8,
                    ),
                ),
                ("period", models.CharField(blank=True, max_length=7)),
                ("arming", models.PositiveIntegerField(default=0)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("used", partner_center.amounts.AmountField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("manual", "Manual Freezing"),
                            ("restrict", "Restrict Purchase"),
                            ("restrict_freeze", "Restrict Purchase and Freeze Resources"),
                        ],
                        max_length=16,
                    ),
                ),
                ("exhausts_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_alerts",
                        to="customers.association",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="freezehold",
            name="after_release",
            field=models.BooleanField(db_default=False),
        ),
        migrations.CreateModel(
            name="PendingAlert",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="budgets.budgetalert",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="budgetalert",
            name="hold",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="budgets.freezehold",
            ),
        ),
        migrations.CreateModel(
            name="PendingCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "association",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="budget",
                        serialize=False,
                        to="customers.association",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("monthly", "Monthly Budget"), ("one_time", "One-Time Budget")],
                        max_length=8,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("manual", "Manual Freezing"),
                            ("restrict", "Restrict Purchase"),
                            ("restrict_freeze", "Restrict Purchase and Freeze Resources"),
                        ],
                        max_length=16,
                    ),
                ),
                ("counts_from", models.CharField(max_length=7)),
                ("set_at", models.DateTimeField()),
                ("period", models.CharField(blank=True, max_length=7)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("arming", models.PositiveIntegerField(default=0)),
                ("forecast_told", models.DateField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer"], name="budget_of_customer"),
                    models.Index(fields=["account", "type"], name="budget_of_partner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="budget_amount_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetAdjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(max_length=128)),
                (
                    "type_before",
                    models.CharField(
                        blank=True,
                        choices=[("monthly", "Monthly Budget"), ("one_time", "One-Time Budget")],
                        max_length=8,
                    ),
                ),
                (
                    "type_after",
                    models.CharField(
                        choices=[("monthly", "Monthly Budget"), ("one_time", "One-Time Budget")],
                        max_length=8,
                    ),
                ),
                ("before", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("after", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "action_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manual", "Manual Freezing"),
                            ("restrict", "Restrict Purchase"),
                            ("restrict_freeze", "Restrict Purchase and Freeze Resources"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "action_after",
                    models.CharField(
                        choices=[
                            ("manual", "Manual Freezing"),
                            ("restrict", "Restrict Purchase"),
                            ("restrict_freeze", "Restrict Purchase and Freeze Resources"),
                        ],
                        max_length=16,
                    ),
                ),
                ("used", partner_center.amounts.AmountField()),
                ("unfrozen", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("single", "Single"),
                            ("batch", "Batch"),
                            ("api", "API"),
                            ("distributor", "Distributor"),
                            ("ended", "Association ended"),
                        ],
                        max_length=16,
                    ),
                ),
                ("agreement", models.CharField(blank=True, max_length=16)),
                ("code_verified", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_adjustments",
                        to="customers.association",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["association", "-at"], name="budget_adjustment_of")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="budgetalert",
            index=models.Index(fields=["account", "-at"], name="budget_alert_of_partner"),
        ),
        migrations.AddIndex(
            model_name="budgetalert",
            index=models.Index(fields=["association", "-at"], name="budget_alert_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="budgetalert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "threshold")),
                fields=("association", "budget_type", "period", "arming", "threshold"),
                name="budget_alert_once_per_threshold",
            ),
        ),
        AppendOnly("BudgetAdjustment"),
        AppendOnly("BudgetAlert"),
    ]
