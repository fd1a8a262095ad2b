"""Permissions of metering."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

_METERING = _("Metering")

#: The operator's metering sends records with an access key.
FEED_USAGE = define(
    "metering.feed_usage",
    _("Send usage records"),
    area=_METERING,
    entry=_METERING,
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_USAGE = define(
    "metering.operate_usage",
    _("Take in usage files, map sub-accounts and look into charges"),
    area=_METERING,
    entry=_METERING,
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
