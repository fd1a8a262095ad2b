"""Payment currencies and signatures are books: the database refuses to change them."""

from django.db import migrations

from partner_center.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_company_contact")]

    operations = [AppendOnly("AccountCurrency"), AppendOnly("AgreementSignature")]
