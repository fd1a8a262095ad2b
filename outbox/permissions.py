"""Permissions of the outbox."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

OPERATE_DELIVERIES = define(
    "outbox.operate_deliveries",
    _("View deliveries and send failed ones again"),
    area=_("Operation"),
    entry=_("Deliveries"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
