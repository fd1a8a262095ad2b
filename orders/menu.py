"""Menu entries of the orders app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience
from resources.permissions import VIEW_RESOURCES

from .permissions import BUY, VIEW_ORDERS


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


def _add_sales() -> None:
    """What a partner sees of its customers' orders."""
    add_area("sales", _("Sales"), order=20, icon="users-group")
    add_entry(
        "sales",
        _("Customer Orders"),
        "customer_orders:list",
        VIEW_ORDERS,
        order=50,
        group=_("Customers"),
        icon="shopping-cart",
    )


_add_console()
_add_sales()
