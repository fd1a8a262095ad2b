"""Permissions of the Message Center."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

_AREA = _("Message Center")

READ_MESSAGES = define(
    "notifications.read_messages",
    _("Read own messages"),
    area=_AREA,
    entry=_("Message Center"),
    kind=Kind.VIEW,
    audiences=tuple(Audience),
    default=True,
)
MANAGE_SETTINGS = define(
    "notifications.manage_settings",
    _("Set recipients of emails and SMS"),
    area=_AREA,
    entry=_("SMS & Email Settings"),
    kind=Kind.MANAGE,
    audiences=tuple(Audience),
)

grant(SystemRole.FINANCE, MANAGE_SETTINGS)
VIEW_ALL_NOTICES = define(
    "notifications.view_all_notices",
    _("View messages of all accounts"),
    area=_("Operation"),
    entry=_("Messages of All Accounts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
