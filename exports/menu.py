"""Menu entries of exports: the history stands in the account drop-down menu."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import VIEW_EXPORTS

add_area("account", _("Account"), order=900, side_menu=False, in_top_bar=False)
add_entry(
    "account",
    _("Export History"),
    "exports:history",
    VIEW_EXPORTS,
    order=80,
    audiences=tuple(Audience),
    icon="file-export",
)
