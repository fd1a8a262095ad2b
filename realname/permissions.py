"""Permissions of real-name authentication."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

_ENTRY = _("Real-Name Authentication")

VIEW_OWN = define(
    "realname.view_own",
    _("View the real-name authentication of the account"),
    area=_("My Account"),
    entry=_ENTRY,
    kind=Kind.VIEW,
    audiences=(Audience.CUSTOMER,),
)
APPLY = define(
    "realname.apply",
    _("Apply for real-name authentication"),
    area=_("My Account"),
    entry=_ENTRY,
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)
UPLOAD_FILES = define(
    "realname.upload_files",
    _("Upload certificates for the API"),
    area=_("Partner Information"),
    entry=_("API Files"),
    kind=Kind.MANAGE,
)
REVIEW = define(
    "realname.review",
    _("Review real-name authentication"),
    area=_("Operation"),
    entry=_ENTRY,
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
