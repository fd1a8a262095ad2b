"""First version of the agreement for the action that freezes resources (04-ONE-06). The operator
publishes further versions in the admin.
"""

from datetime import UTC, datetime

from django.db import migrations

AGREEMENT = """\
This agreement is between the partner that sets the budget of a customer and the operator of this portal, Huawei Cloud. It applies whenever the partner chooses Restrict Purchase and Freeze Resources as the action upon budget exhaustion.

1. What happens. When the list-price expenditure of the customer reaches the budget, the system restricts purchases of the customer and freezes its resources, without asking again and at any hour. Frozen resources cannot be accessed or used; the services of the customer may be interrupted.

2. Retention. Frozen resources and their data are kept for 15 days from the freeze, or for the period that the operator publishes. Unless the partner raises the budget and unfreezes account and resources before, the resources are then released and their data is deleted for good.

3. What the partner makes sure of. The partner has the customer's consent to this action, has told the customer what it means, and watches the alerts at 75%, 90% and 100% of the budget. The partner keeps its recipients up to date.

4. Estimates. The expenditure that a budget is compared with is an estimate and may lag behind the actual expenditure. Usage that arose before the freeze is billed. A budget helps to manage expenditure; it does not release the partner from paying what its customers have spent.

5. Liability. The partner bears all consequences of the action it has chosen, including interruption of services and loss of data. Huawei Cloud is not liable for them towards the partner or its customers.

6. Term. This agreement takes effect when the partner agrees to it on the page and holds for the budget that is set with it, until another action is chosen.
"""


def publish(apps, schema_editor):
    apps.get_model("accounts", "AgreementDocument").objects.get_or_create(
        code="customer-budget-agreement",
        version="1.0",
        defaults={
            "title": "Agreement for Partners to Manage Customer Budgets",
            "body": AGREEMENT,
            "published_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_first_agreements"),
        ("budgets", "0004_budgets"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
