"""Pages of the catalogue for partners."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.choices import PartnerKind
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.views import PortalView

from .permissions import VIEW_PERCENTILE_PRODUCTS
from .queries import goods as queries

#: Where the operator presents its products; the last part is the product's own.
PRODUCT_PAGES = "https://www.huaweicloud.com/intl/en-us/product/"


class PercentileProductsView(PortalView):
    """Products with 95th-percentile bandwidth billing (04-P95-01, P95-02); not for resellers."""

    permission = VIEW_PERCENTILE_PRODUCTS
    audiences = frozenset({Audience.PARTNER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the table. Raises NotFound for resellers (07-RDF-05)."""
        if self.actor.partner_kind == PartnerKind.RESELLER:
            raise NotFound
        context = {
            "title": _("Products That Support 95th-Percentile Bandwidth Billing"),
            "services": queries.percentile_services(),
            "product_pages": PRODUCT_PAGES,
        }
        return render(request, "catalog/percentile_products.html", context)
