"""First version of the agreement on binding cards (05 §8.4.1.7). The operator publishes further versions
in the admin.
"""

from datetime import UTC, datetime

from django.db import migrations

AGREEMENT = """\
This agreement is between the partner that adds a credit card and the operator of this portal, Huawei Cloud. It applies to every card that the partner adds as a payment method.

1. What is stored. The number and the security code of the card go to the payment company and are not stored by the portal. The portal keeps the brand, the last four digits, the expiration date, the name of the holder, and a token by which the payment company knows the card.

2. Verification. The card is verified by its issuer and by a small test charge, which is returned within one week. How long it takes until the amount is back on the card depends on the bank.

3. Automatic charges. When a partner bill is issued, what the account balance does not cover is charged to the card. When the expenditure exceeds the consumption quota, what is used of it is charged as well. The default card is charged first, then the other valid cards in the order in which they were added. An amount above the limit of a single transaction is charged in several transactions.

4. What a charge becomes. A charge tops up the account of the partner and pays its bills, the oldest first. What is left stays as the balance of the account.

5. What the partner makes sure of. The partner may use the card, keeps its expiration date up to date, and deletes it when it may no longer be used. Another card must be the default before the default card is deleted.

6. Term. This agreement takes effect when the partner agrees to it on the page and holds as long as the card is stored.
"""


def publish(apps, schema_editor):
    apps.get_model("accounts", "AgreementDocument").objects.get_or_create(
        code="card-binding-agreement",
        version="1.0",
        defaults={
            "title": "Agreement on Card Binding For HUAWEI CLOUD (International) Users",
            "body": AGREEMENT,
            "published_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_first_agreements"),
        ("billing", "0007_funds_of_partners"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
