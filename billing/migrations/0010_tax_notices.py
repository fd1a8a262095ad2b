"""The tax notices of Malaysia and Kenya (08-TAX-01, TAX-07); the operator keeps them from here on."""

from datetime import UTC, datetime

from django.db import migrations

AGREEMENT = "https://www.huaweicloud.com/intl/en-us/declaration/hcpn_spc.html"

KENYA = """\
Give your tax authority this email address, so that it sends us the withholding tax payment certificate: KENYAITAX1351@HUAWEI.COM"""

MALAYSIA = """\
Post the withholding tax payment certificate that the tax authority has issued to:
Low Ee Lyn
Huawei Technologies (Malaysia) Sdn. Bhd.
Suite 32-01, Level 32, Integra Tower, The Intermark, 348, Jalan, Kuala Lumpur, Malaysia"""

NOTICES = [("KE", KENYA, ""), ("MY", MALAYSIA, "HK Services TRC 2021 - Malaysia")]


def publish(apps, schema_editor):
    notice = apps.get_model("billing", "TaxNotice")
    notice.objects.bulk_create(
        notice(
            country=country,
            delivery=delivery,
            agreement_url=AGREEMENT,
            residence_title=title,
            changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for country, delivery, title in NOTICES
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_invoices")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
