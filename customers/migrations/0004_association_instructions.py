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

LETTER = """\
As a Huawei Cloud Partner (hereinafter referred to as "we" or "us"), to provide you with the service of performing operations on your behalf (hereinafter referred to as "this Service"), we need your authorization to your account under the Huawei Cloud Customer Authorization Letter (hereinafter referred to as "Authorization Letter"). Before accepting the Authorization Letter, you shall read carefully and fully understand the contents of the Huawei Cloud Website Agreement and this Authorization Letter. By selecting "I have read and agreed to the Huawei Cloud Customer Authorization Letter", you will be deemed to have agreed to all terms and conditions in this Authorization Letter. If you do not agree to any content of this Authorization Letter, please stop using this Service. If you need to cancel or operate the authorization, you may visit Huawei Cloud My Account at any time.

This Authorization Letter contains the terms and conditions that govern your authorization to us for the operations and of your own account. You authorize and agree to the following:

1. Scope and Consequence of Authorization

We may use your account to log in to the Huawei Cloud website and perform operations in My Account, Billing Center, Resource Center, Service Tickets, Message Center, cloud service console and other modules.

The authorized operations include but are not limited to the following:

1. Managing your resources.
2. Subscribing to, renewing, unsubscribing from, and changing cloud services.
3. Starting, stopping, restarting, and deleting cloud resources.
4. Resetting passwords and modifying the policies for cloud services.
5. Viewing your account, expenditure, order, discount, and contract information.
6. Submitting and following up service tickets.

You acknowledge and agree that the preceding permission types may not fully cover the operation authorization scope required for providing you with required services.

You further understand and agree that the authorization is granted directly to us for the provision of this Service. This Authorization Letter shall not replace or change your relationship with Huawei Cloud or the rights and obligations under Huawei Cloud Website Agreement. Huawei Cloud shall not be liable for any action related to this Authorization Letter and the subsequent consequences.

Any dispute, controversy, loss, infringement, and liability for breach between you and us arising from the authorization shall be resolved between ourselves. Huawei Cloud shall not be liable for any losses caused to you and/or us.

2. Update and Cancellation of Authorization

This Authorization Letter may be updated from time to time. You may log in to the Huawei Cloud My Account to review the updates. Please regularly review such terms. If you do not agree to the updates, you shall cancel the authorization in the Huawei Cloud My Account immediately.

3. Authorization Period

The powers and rights you granted to us under this Authorization Letter shall become effective when you click to agree this Authorization Letter and are valid unless you cancel the authorization on the Huawei Cloud My Account.

4. How to Contact Us

If you have any questions about this Authorization Letter, please contact us via Huawei Cloud My Account.
"""

DOCUMENTS = [
    (
        "association-instructions",
        "Instructions for Customers to Associate with a Huawei Cloud Partner",
        INSTRUCTIONS,
    ),
    ("customer-authorization-letter", "Huawei Cloud Customer Authorization Letter", LETTER),
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
        ("accounts", "0008_marketing_since"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
