"""Tables of signed agreements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import ActionsColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable


class AgreementTable(PortalTable):
    """What the customer has signed about its partner (08-INS-04)."""

    name = PortalColumn(verbose_name=_("Name"), accessor="document__title", fixed=True)
    version = PortalColumn(verbose_name=_("Version"), accessor="document__version")
    signed_at = TimeColumn(verbose_name=_("Signed"))
    operation = ActionsColumn("customers/instructions/operation.html")

    default_order = ("-signed_at",)
