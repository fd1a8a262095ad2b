"""Tables of authorizations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable


class AuthorizationTable(PortalTable):
    """Authorization Management of a customer (08-AUT-03).

    The partner is named because the distributor of a reseller is authorized separately (06-DX-09).
    """

    requested_at = TimeColumn(_("Requested"), fixed=True)
    partner = PortalColumn(
        _("Partner"), accessor="account__title", orderable=False, export=False, select=["account"]
    )
    status = BadgeColumn(
        _("Status"), family="authorization", accessor="get_status_display", order_by="status"
    )
    effective_at = TimeColumn(_("Effective Time"))
    expired_at = TimeColumn(_("Expiration Time"))
    operation = ActionsColumn("customers/authorizations/operation.html")

    default_order = ("-requested_at",)
