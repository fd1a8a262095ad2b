"""Permissions of distributors and their resellers."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

OPERATE_RESELLERS = define(
    "resellers.operate_resellers",
    _("Associate resellers with distributors"),
    area=_("Operation"),
    entry=_("Associations"),
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
