"""What Adjust Price estimates a partner to earn, in percent: the operator's term (04 D-26)."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_registration_email_label")]

    operations = [
        migrations.AddField(
            model_name="partnerterms",
            name="estimated_rebate",
            field=models.PositiveSmallIntegerField(
                default=25,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="estimated rebate (%)",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("estimated_rebate__lte", 100)),
                name="partner_terms_estimated_rebate",
            ),
        ),
    ]
