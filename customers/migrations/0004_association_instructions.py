"""Publish the Instructions for associating with a partner, and the customer authorization letter."""

from datetime import UTC, datetime

from django.db import migrations

INSTRUCTIONS = """\
Dear customer, you are invited to become a customer of a Huawei Cloud partner.

Huawei Cloud provides you with the Account Association service (hereinafter referred to as "this Service") according to this Statement. Please be sure to carefully read this Statement (including any subsequent modifications) before associating with the partner that invites you (hereinafter referred to as "Partner"). If you have questions about this Statement, please contact Huawei Cloud.

Notice:

Service Usage Requirements

1. After you associate with a Partner's account, the Partner will be responsible for providing contracts, invoices, settlement, technical assistance, and operations including but not limited to placing orders and performing O&M on your behalf, account freezing, resource freezing, and account recovery.

2. After you associate with a Partner account, if you have member accounts, the status and operations (including but not limited to restriction and freezing) of the Partner account will affect you and your member accounts. You shall manage your member accounts and inform enterprise members of relevant impact. Any disputes arising from you or Partner's status and operations shall be resolved by you, your associated enterprise members, and the Partner through negotiation. Huawei Cloud shall not be liable for any loss or liability arising therefrom.

3. To get better and efficient services from your associated Partner, you understand and agree that Huawei Cloud can disclose the following information to the Partner and/or Partner's associated distributor (if any): your personal information on the Huawei Cloud official website such as account name, company name, contact person's name, contact information.
"""

DOCUMENTS = [
    (
        "association-instructions",
        "Instructions for Customers to Associate with a Huawei Cloud Partner",
        INSTRUCTIONS,
    ),
]


def publish(apps, schema_editor):
    document = apps.get_model("accounts", "AgreementDocument")
    for code, title, body in DOCUMENTS:
        if not document.objects.filter(code=code).exists():
            document.objects.create(
                code=code,
                version="V1001",
                title=title,
                body=body,
                published_at=datetime(2024, 2, 1, tzinfo=UTC),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_preregistration_name"),
        ("accounts", "0010_marketing_since"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
