"""What the style page asks."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

VIEW_STYLE = define(
    "operator.view_style",
    _("View the style page"),
    area=_("Administration"),
    entry=_("Style"),
    kind=Kind.VIEW,
    audiences=[Audience.OPERATOR],
)
