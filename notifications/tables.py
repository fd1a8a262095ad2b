"""Tables and filters of the recipients."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import ActionsColumn, PortalColumn, TimeColumn
from partner_center.lists.filters import PortalFilterSet, SearchFilter
from partner_center.lists.tables import PortalTable


class RecipientFilterSet(PortalFilterSet):
    """Search by name or address."""

    q = SearchFilter(["name", "email", "phone"], placeholder=_("Name, email or phone"))


class RecipientTable(PortalTable):
    """Recipients of the account."""

    name = PortalColumn(_("Recipient name"), fixed=True)
    email = PortalColumn(_("Email address"), mask=masking.EMAIL)
    phone = PortalColumn(_("Phone number"), mask=masking.PHONE, orderable=False)
    types = PortalColumn(
        _("Message types"), accessor="type_words", orderable=False, export=False, prefetch=["types"]
    )
    created_at = TimeColumn(_("Added"), shown=False)
    operation = ActionsColumn("notifications/recipient_actions.html")
    default_order = ("name",)
