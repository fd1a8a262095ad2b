"""First versions of the two letters of on-behalf work (08 §14.11, 14.12).

The operator publishes further versions in the admin; a published version never changes.
"""

from datetime import UTC, datetime

from django.db import migrations

COMMITMENT = """\
This letter is what a partner ("you") promises the operator before it works on behalf of customers. Read it, and the agreements between you and the operator, before you accept it. Whoever does not accept it may not use the service of operating on customers' behalf.

1. What it rests on. You have agreements with the operator: the cooperation agreement of your partner kind and the partner network certification agreement. To use the service you also need the authorization of each customer under the Customer Authorization Letter. That authorization gives you certain permissions on the customer's account and nothing more. It changes no right and no duty between the operator, you and the customer.

2. Law and agreements. While you operate on customers' accounts you keep the agreements with the operator, the law, and good business conduct.

3. The customer's services. You neither change nor delete a customer's cloud services or resources without its explicit permission. You never bring Trojans, viruses or other malware into them.

4. Care. You act only within the customer's authorization, with reasonable care and loyalty, think of the consequences, and answer for what you do and for its integrity and confidentiality.

5. Confidentiality. You keep secret what you learn: information about products, commerce, contracts, orders, expenditure and resources. You do not copy it, pass it on or use it for anything else, and you answer for losses that a leak causes the operator or customers.

6. Disputes. What you and a customer disagree about, including losses, infringements and breaches, you settle between yourselves under this letter, the authorization letter and your agreements. The operator takes no part in it and bears no loss.

7. Breach. If you break this letter, the authorization letter, the agreements or the law, the operator may warn you by word or in writing, reduce or cancel the sales revenue or incentives involved, cancel your identity as a partner, ask for compensation of all losses, and take legal action.

8. Duration. This letter is in force from the moment you accept it, and stays so until the customers cancel their authorization.

9. Everything else. What this letter leaves out follows the agreements between you and the operator.
"""

AUTHORIZATION = """\
By this letter you, the customer, authorize your partner ("we") to operate on your behalf. Read it, and the agreement between you and the operator of this portal, before you accept it. If you do not agree to it, do not accept it; everything else goes on without it.

1. Scope. We may enter with your account and work in My Account, Billing Center, Resource Center, Service Tickets, Message Center, the cloud service console and other modules. What you authorize includes, but is not limited to:
- managing your resources;
- subscribing to, renewing, unsubscribing from and changing cloud services;
- starting, stopping, restarting and deleting cloud resources;
- resetting passwords and modifying the policies of cloud services;
- viewing your account, expenditure, order, discount and contract information.
You understand that this list may not name every permission that is needed to serve you.

2. Between you and us. The authorization is given to us directly. It replaces and changes no agreement between you and the operator, nor the rights and duties in it. The operator is not liable for what is done under this letter, nor for its consequences. What you and we disagree about, including losses, infringements and breaches, is settled between you and us; the operator bears no loss that it causes to either side.

3. Updates. This letter may be updated. You find the present text in My Account. If you do not agree to an update, cancel the authorization in My Account at once.

4. Duration. The authorization is effective from the moment you accept it and has no end date. It ends only when you cancel it in My Account.

5. Questions. Ask us; you find our contacts in My Account, on My Partner.
"""

DOCUMENTS = [
    (
        "partner-commitment-letter",
        "Huawei Cloud Partner Commitment Letter for Operation on Customers' Behalf",
        COMMITMENT,
    ),
    (
        "customer-authorization-letter",
        "Huawei Cloud Customer Authorization Letter",
        AUTHORIZATION,
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
                published_at=datetime(2026, 1, 1, tzinfo=UTC),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_standing_and_terms"),
        ("customers", "0004_association_instructions"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
