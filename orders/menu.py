"""Menu entries of the orders app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience
from resources.permissions import VIEW_RESOURCES

from .permissions import BUY


def _add_console() -> None:
    """What a customer buys and has."""
    add_area("console", _("Console"), order=20, icon="server")
    entries = (
        (_("All Products"), "console:products", BUY, "shopping-cart"),
        (_("My Resources"), "console:resources", VIEW_RESOURCES, "server"),
        (_("My Orders"), "console:orders", BUY, "clipboard-list"),
        (_("Renewals"), "console:renewals", BUY, "refresh"),
        (_("Unsubscriptions"), "console:unsubscriptions", BUY, "arrow-back-up"),
    )
    for order, (label, name, permission, icon) in enumerate(entries, start=1):
        add_entry(
            "console",
            label,
            name,
            permission,
            order=order * 10,
            audiences=(Audience.CUSTOMER,),
            icon=icon,
        )


_add_console()
