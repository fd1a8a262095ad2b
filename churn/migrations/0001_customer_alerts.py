"""Customer alerts, final once they are handled, and the runs of their daily evaluation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


#: What was handled stays as it is, and nothing is deleted; the function is that of append-only tables.
KEEP = """
CREATE TRIGGER keep_handled BEFORE UPDATE ON churn_customeralert
FOR EACH ROW WHEN (OLD.status = 'handled') EXECUTE FUNCTION partner_center_refuse_change();
CREATE TRIGGER keep_all BEFORE DELETE ON churn_customeralert
FOR EACH ROW EXECUTE FUNCTION partner_center_refuse_change();
"""
FORGET = """
DROP TRIGGER keep_handled ON churn_customeralert;
DROP TRIGGER keep_all ON churn_customeralert;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0012_estimated_rebate"),
        ("customers", "0007_wording"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("through", models.BigIntegerField(default=0)),
                ("raised", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scenario",
                    models.CharField(
                        choices=[("usage", "Churn risk warning: resource usage")], max_length=16
                    ),
                ),
                (
                    "type",
                    models.CharField(choices=[("loss", "Loss")], default="loss", max_length=8),
                ),
                ("day", models.DateField()),
                ("details", models.JSONField()),
                ("raised_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("unhandled", "Unhandled"), ("handled", "Handled")],
                        default="unhandled",
                        max_length=16,
                    ),
                ),
                ("handled_by_name", models.CharField(blank=True, max_length=255)),
                ("handled_at", models.DateTimeField(null=True)),
                ("lost", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=16)),
                ("text", models.CharField(blank=True, max_length=256)),
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
                        related_name="customer_alerts",
                        to="customers.association",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "customer alert",
                "indexes": [
                    models.Index(
                        fields=["account", "-raised_at", "-id"], name="customer_alert_of_partner"
                    ),
                    models.Index(fields=["day"], name="customer_alert_of_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "unhandled")),
                        fields=("association", "scenario"),
                        name="customer_alert_one_open",
                    ),
                    models.UniqueConstraint(
                        fields=("association", "scenario", "day"), name="customer_alert_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("handled_at", None),
                                ("lost", None),
                                ("status", "unhandled"),
                                ("text", ""),
                            ),
                            models.Q(
                                ("handled_at__isnull", False),
                                ("lost__isnull", False),
                                ("status", "handled"),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="customer_alert_handled_or_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
