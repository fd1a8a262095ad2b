"""Permissions of the outbox."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

VIEW_DELIVERIES = define(
    "outbox.view_deliveries",
    _("View deliveries"),
    area=_("Operation"),
    entry=_("Deliveries"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_DELIVERIES = define(
    "outbox.operate_deliveries",
    _("Send failed deliveries again"),
    area=_("Operation"),
    entry=_("Deliveries"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
