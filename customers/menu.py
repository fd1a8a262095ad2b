"""Menu entries of the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import (
    VIEW_ASSIGNMENTS,
    VIEW_CUSTOMERS,
    VIEW_DEVELOPMENT,
    VIEW_PARTNER,
)


def _add_sales() -> None:
    add_area("sales", _("Sales"), order=20, icon="users-group")
    add_entry(
        "sales",
        _("Customer Development"),
        "preregistrations:list",
        VIEW_DEVELOPMENT,
        order=10,
        group=_("Leads and Opportunities"),
        icon="user-plus",
    )
    add_entry(
        "sales",
        _("Customer Management"),
        "customers:list",
        VIEW_CUSTOMERS,
        order=30,
        group=_("Customers"),
        icon="users",
    )
    add_entry(
        "sales",
        _("Customer Assignment"),
        "assignment:list",
        VIEW_ASSIGNMENTS,
        order=40,
        group=_("Customers"),
        icon="user-check",
    )


def _add_my_account() -> None:
    """The customer's own small portal."""
    add_area("billing-center", _("Billing Center"), order=30, icon="receipt")
    add_entry(
        "billing-center",
        _("Commercial Discounts"),
        "discounts:mine",
        VIEW_PARTNER,
        order=40,
        group=_("Coupons and Discounts"),
        audiences=(Audience.CUSTOMER,),
        icon="rosette-discount-check",
    )
    add_area("my-account", _("My Account"), order=60, icon="user-circle")
    add_entry(
        "my-account",
        _("My Partner"),
        "my_partner:page",
        VIEW_PARTNER,
        order=10,
        audiences=(Audience.CUSTOMER,),
        icon="users-group",
    )


_add_sales()
_add_my_account()
