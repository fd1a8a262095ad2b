"""Permissions of the catalogue."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

_OPERATION = _("Operation")
_ENTRY = _("Catalogue")

VIEW_CATALOGUE = define(
    "catalog.view_catalogue",
    _("View the catalogue and its prices"),
    area=_OPERATION,
    entry=_ENTRY,
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_CATALOGUE = define(
    "catalog.operate_catalogue",
    _("Maintain the catalogue and its prices"),
    area=_OPERATION,
    entry=_ENTRY,
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
#: Reference only: which products bills may count by the 95th percentile (04-P95-01).
VIEW_PERCENTILE_PRODUCTS = define(
    "catalog.view_percentile_products",
    _("View products with 95th-percentile bandwidth billing"),
    area=_("Sales"),
    entry=_("Customer Expenditure"),
    kind=Kind.VIEW,
    default=True,
)
