import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from partner_center.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_standing_and_terms"),
        ("resellers", "0002_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterBreach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consequence",
                    models.CharField(
                        choices=[
                            ("warning", "Warning"),
                            ("reduced", "Sales revenue or incentives involved reduced"),
                            ("canceled", "Sales revenue or incentives involved canceled"),
                            ("identity", "Partner identity canceled"),
                            ("compensation", "Compensation claimed"),
                            ("legal", "Legal action taken"),
                        ],
                        max_length=16,
                        verbose_name="consequence",
                    ),
                ),
                ("facts", models.TextField(max_length=1000, verbose_name="what happened")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resellers.resellerassociation",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "breaches of the commitment letter",
                "indexes": [
                    models.Index(fields=["account", "-recorded_at"], name="letter_breach_account")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResellerInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("registered", "Registered"),
                            ("associating", "Associating"),
                            ("associated", "Associated"),
                            ("restricted", "Association restricted"),
                            ("ignored", "Ignored"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="invited",
                        max_length=16,
                    ),
                ),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("requested_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resellers.resellerassociation",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["account", "-invited_at", "-id"], name="reseller_invitation_list"
                    ),
                    models.Index(
                        condition=models.Q(("status", "associating")),
                        fields=["requested_at"],
                        name="reseller_invitation_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("account"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(
                            ("status__in", ["invited", "registered", "associating", "restricted"])
                        ),
                        name="reseller_invitation_one_open_per_email",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["registered", "associating"])),
                        fields=("reseller",),
                        name="reseller_invitation_one_under_way_per_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["registered", "associating", "restricted"]),
                                _negated=True,
                            ),
                            ("reseller__isnull", False),
                            _connector="OR",
                        ),
                        name="reseller_invitation_answered_by_an_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "associated"), _negated=True),
                            ("association__isnull", False),
                            _connector="OR",
                        ),
                        name="reseller_invitation_associated_has_its_association",
                    ),
                ],
            },
        ),
        AppendOnly("LetterBreach"),
    ]
