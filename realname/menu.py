"""Menu entries of real-name authentication."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import REVIEW, UPLOAD_FILES, VIEW_OWN

add_area("my-account", _("My Account"), order=60, icon="user-circle")
add_entry(
    "my-account",
    _("Real-Name Authentication"),
    "realname:own",
    VIEW_OWN,
    order=20,
    audiences=(Audience.CUSTOMER,),
    icon="id",
)
add_entry(
    "account",
    _("API Files"),
    "realname:files",
    UPLOAD_FILES,
    order=60,
    icon="upload",
    grant="may_upload_certificates",
)
add_area("administration", _("Administration"), order=190)
add_entry(
    "administration",
    _("Real-Name Authentication"),
    "admin:realname_realnameapplication_changelist",
    REVIEW,
    order=20,
    audiences=(Audience.OPERATOR,),
)
