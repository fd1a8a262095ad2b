"""First version of the letter that a distributor accepts before its resellers work on the behalf of
customers (08 §14.10). The operator publishes further versions in the admin.
"""

from datetime import UTC, datetime

from django.db import migrations

LETTER = """\
This letter is given by the distributor to the operator of this portal, Huawei Cloud. It is about resellers of the distributor that place orders and perform operations and maintenance (O&M) on the behalf of customers.

1. What is granted. By granting a reseller the permissions for placing orders and performing O&M on customers' behalf, the distributor lets this reseller ask customers for their authorization. The reseller may act only for customers that have given it, and only while this grant and their authorization are both in force.

2. What the distributor makes sure of. The distributor warrants that its resellers (a) obey the agreements with Huawei Cloud and the law; (b) do not modify or delete services or resources of a customer without the customer's explicit permission; (c) bring no malware, viruses or other harmful code into the services; and (d) act only within what the customer has authorized, and with due care.

3. Confidentiality. The distributor and its resellers keep confidential what they learn from acting on customers' behalf, in particular data about products, commerce, contracts, orders, expenditures and resources. They use it for nothing else.

4. Disputes. Disputes between a reseller and a customer are for these two to settle. Huawei Cloud takes no part in them and bears no loss that arises from them.

5. Liability. The distributor is jointly and severally liable for what its resellers do on customers' behalf.

6. Breach. If this letter is breached, Huawei Cloud may give a warning, reduce or cancel the sales revenue or incentives involved, cancel the partner identity, claim compensation, and take legal action.

7. What this letter does not change. This letter grants certain permissions on customer accounts only. It changes no right and no duty between Huawei Cloud, the distributor and the customer. What it leaves open follows the framework agreements: the Huawei Cloud Partner Network Certification Agreement and the Distributor Cooperation Agreement.

8. Term. This letter takes effect with the click by which it is accepted, and stays valid until customers cancel their authorization. Who does not accept it may not use the service for operation on customers' behalf.
"""


def publish(apps, schema_editor):
    apps.get_model("accounts", "AgreementDocument").objects.create(
        code="distributor-commitment-letter",
        version="1.0",
        title="Huawei Cloud Distributor Commitment Letter for Operation on Customers' Behalf",
        body=LETTER,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_first_agreements"),
        ("resellers", "0003_reseller_invitations"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
