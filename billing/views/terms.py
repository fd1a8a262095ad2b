"""Sales > Financial Information > Contracts and Commerce (05 §8.4.4.1, KooGallery 3)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center import money
from partner_center.actors import Actor
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience

from ..filters.terms import (
    CommercialDiscountFilterSet,
    CoveredProductFilterSet,
    MarketplaceDiscountFilterSet,
)
from ..models import CommercialDiscount
from ..permissions import VIEW_TERMS
from ..queries import terms as queries
from ..rules.terms import last_second
from ..tables.terms import (
    CommercialDiscountTable,
    CoveredProductTable,
    MarketplaceDiscountTable,
    customer_page,
    percent_off,
)

PARTNERS = frozenset({Audience.PARTNER})


class CommercialDiscountListView(PortalListView):
    """Tab Commercial Discounts; for distributors the page itself (05-CDC-01, 06-DCD-01)."""

    permission = VIEW_TERMS
    audiences = PARTNERS
    title = gettext_lazy("Contracts and Commerce")
    list_name = "commercial_discounts"
    queryset = staticmethod(queries.list_commercial)
    filterset_class = CommercialDiscountFilterSet
    table_class = CommercialDiscountTable
    template_name = "billing/terms/list.html"
    basis = gettext_lazy(
        "A discount for one customer goes before those for all; chosen by the time of a transaction"
    )
    empty_title = gettext_lazy("No commercial discounts yet")
    empty_text = gettext_lazy(
        "The operator grants them. Until then your bills are settled at list prices."
    )
    empty_icon = "discount"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of providers."""
        return {"sections": sections(self.actor, "billing:discounts")}


class MarketplaceDiscountListView(PortalListView):
    """Discounts for KooGallery Products (05-KGR-06)."""

    permission = VIEW_TERMS
    audiences = PARTNERS
    title = gettext_lazy("Discounts for KooGallery Products")
    list_name = "marketplace_discounts"
    queryset = staticmethod(queries.list_marketplace)
    filterset_class = MarketplaceDiscountFilterSet
    table_class = MarketplaceDiscountTable
    saved_views = (
        SavedView("effective", gettext_lazy("Effective"), queries.running),
        SavedView("expired", gettext_lazy("Expired"), queries.over),
    )
    template_name = "billing/terms/list.html"
    basis = gettext_lazy(
        "What KooGallery sellers have authorized; canceled ones stand under Expired"
    )
    empty_title = gettext_lazy("No discounts for KooGallery products yet")
    empty_text = gettext_lazy(
        "When a seller authorizes you a discount for one of its products, it stands here."
    )
    empty_icon = "discount"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of providers."""
        return {"sections": sections(self.actor, "billing:marketplace-discounts")}


class CommercialDiscountView(PortalListView):
    """One discount: its terms, and the products that it is for (05-CDC-02)."""

    permission = VIEW_TERMS
    audiences = PARTNERS
    list_name = "discounted_products"
    queryset = staticmethod(queries.covered)
    below = ("discount_id",)
    filterset_class = CoveredProductFilterSet
    table_class = CoveredProductTable
    template_name = "billing/terms/discount.html"
    empty_title = gettext_lazy("No product on sale is covered")
    empty_icon = "discount"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The discount's ID."""
        return _("Commercial Discount %(number)s") % {"number": self.discount.number}

    @cached_property
    def discount(self) -> CommercialDiscount:
        """The discount of the address. Raises NotFound."""
        return queries.get_commercial(self.actor, self.kwargs["discount_id"])

    def get_extra_context(self) -> dict[str, Any]:
        """The discount and its terms."""
        found: Any = self.discount
        return {
            "discount": found,
            "ends": last_second(found.ends_at),
            "customer_url": customer_page(found),
            "terms": [(_what(term), _how_much(term)) for term in found.terms.all()],
            "crumbs": [(found.number, "")],
        }


def sections(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs; distributors have no KooGallery discounts, so no tabs."""
    if actor.partner_kind != PartnerKind.CSP:
        return []
    labels = {
        "billing:discounts": _("Commercial Discounts"),
        "billing:marketplace-discounts": _("Discounts for KooGallery Products"),
    }
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in labels.items()
    ]


def _what(term: Any) -> str:
    if term.product:
        return str(term.product.name)
    if term.service_type:
        return _("All products of %(service)s") % {"service": term.service_type.name}
    return _("All common products")


def _how_much(term: Any) -> str:
    if term.unit_price is None:
        return percent_off(term.percent)
    unit = term.product.pricing_unit.name if term.product.pricing_unit else ""
    return _("%(price)s USD/%(unit)s (fixed)") % {
        "price": money.number(term.unit_price),
        "unit": unit,
    }
