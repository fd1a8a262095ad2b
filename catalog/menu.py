"""Menu entries of the catalogue."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_PERCENTILE_PRODUCTS

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("95th-Percentile Products"),
    "catalog:percentile-products",
    VIEW_PERCENTILE_PRODUCTS,
    order=70,
    group=_("Customers"),
    icon="gauge",
    partner_kinds=("csp", "distributor"),
)
