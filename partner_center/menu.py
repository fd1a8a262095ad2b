"""The kernel's own menu entry: the style page, for the operator."""

from django.utils.translation import gettext_lazy as _

from .navigation import add_area, add_entry
from .permissions import Audience
from .styleguide.permissions import VIEW_STYLE

add_area("administration", _("Administration"), order=190)
add_entry(
    "administration",
    _("Style"),
    "style",
    VIEW_STYLE,
    order=900,
    audiences=[Audience.OPERATOR],
    icon="square-check",
)
