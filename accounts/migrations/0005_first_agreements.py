"""First versions of the agreements accepted at registration and enabling (01-ACC-07, ACC-09).

The operator publishes further versions in the admin; a published version never changes.
"""

from datetime import UTC, datetime

from django.db import migrations

USER_AGREEMENT = """\
This agreement is between you, who register an account, and the operator of this portal.

1. Your account. You register with an email address that is yours and keep what you enter true and up to date. One person acts as the administrator of the account; members that it creates act for the account within the roles they were given.

2. Keeping it safe. You keep passwords, codes and access keys to yourself. What is done with them counts as done by you until you tell the operator that somebody else has them. The operator never asks for a password or a code by phone or email.

3. Using the portal. You use the portal for lawful purposes, do not disturb its operation, and do not try to see or change what belongs to other accounts.

4. Country or region. The country or region that you choose decides which laws and tax rates apply. It cannot be changed after registration.

5. Suspension. The operator may suspend an account that breaks this agreement or the law, and says why. You may stop using the portal at any time.

6. Changes. A new version of this agreement is published on this page with its date. Earlier versions stay readable, and which version you accepted, and when, is kept with your account.
"""

PRIVACY_STATEMENT = """\
This statement says which personal data the portal keeps about you, why, and for how long.

1. What is kept. What you enter: country or region, email address, phone numbers, name, address, tax number. What arises from use: sign-ins with their time and network address, operations with who did them and when, messages sent to you, browser settings such as language and theme.

2. What for. To let you in and keep others out, to send you codes and messages, to carry out what you order in the portal, to bill and pay correctly, and to meet legal duties. Network and account information is also used to make signing in safer and easier.

3. Messages. Codes and messages about your account are part of the service. News about discounts and promotions are sent only if you asked for them.

4. Who sees it. You, members of your account with the matching permission, staff of the operator who need it for their work, and partners of yours as far as your association with them requires. Phone numbers and email addresses are shown masked, and every look at the plain value is recorded.

5. How long. As long as the account exists, and afterwards as long as laws on bookkeeping require. Records of operations are kept without end, because they prove what happened.

6. Your rights. You may see your data on the pages of your account, have wrong data corrected, and ask the operator for a copy or for the deletion of what no law requires to be kept.
"""

CUSTOMER_AGREEMENT = """\
This agreement is between you and the operator for the use of cloud services.

1. Enabling. By enabling the services you may order and use them under the prices published at the time of use. Country or region must match your billing address; it decides the applicable law, the contracting company and the tax rates, and cannot be changed once services are enabled.

2. Fees. Pay-per-use services are charged by metered usage, yearly and monthly services in advance. Billing months follow the time zone GMT+08:00. If a partner bills you, you pay that partner, and the partner may set a budget for you or restrict your use.

3. Your data. What you store in the services is yours. The operator processes it only to provide them, and deletes it after the retention period that follows the end of a service.

4. Your duties. You use the services lawfully, keep your systems in them safe, and make copies of what you cannot afford to lose.

5. Restriction. Services may be restricted when fees are overdue, when a partner that is responsible for your account asks for it, or when their use endangers others. You are told beforehand wherever that is possible.

6. Liability. The operator provides the services with the care of a prudent provider and pays for outages as the description of each service says. Claims that the law does not allow to be limited stay unlimited.

7. End. You may end the use of the services at any time; fees up to that moment remain due.
"""

DOCUMENTS = [
    ("user-agreement", "User Agreement", USER_AGREEMENT),
    ("privacy-statement", "Privacy Statement", PRIVACY_STATEMENT),
    ("customer-agreement", "Customer Agreement", CUSTOMER_AGREEMENT),
]


def publish(apps, schema_editor):
    document = apps.get_model("accounts", "AgreementDocument")
    document.objects.bulk_create(
        document(
            code=code,
            version="1.0",
            title=title,
            body=body,
            published_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for code, title, body in DOCUMENTS
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_append_only")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
