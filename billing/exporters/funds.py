"""Files of account statements (05-STM-05)."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from ..permissions import VIEW_FUNDS
from ..views.statements import StatementsView, distributor_definition

for name, definition in (
    ("account_statements", StatementsView.definition()),
    ("distributor_statements", distributor_definition()),
):
    exporting.register(ListExporter(name, _("Account Statements"), VIEW_FUNDS, definition))
