"""Products: what is sold, in which billing mode, and whether it still is."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.choices import PartnerKind
from partner_center.actors import Actor
from partner_center.admin import site

from ..models import Product
from ..services import maintaining
from .base import FileAdmin, RowAdmin, RowForm


class ProductForm(RowForm):
    """Everything of a product but its prices."""

    on_behalf_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Ordered on behalf by"),
        choices=[choice for choice in PartnerKind.choices if choice[0]],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Kinds of partner that may order it for a customer."),
    )


@admin.register(Product, site=site)
class ProductAdmin(FileAdmin, RowAdmin):
    """What a past price was computed with does not change; a product is withdrawn, not deleted."""

    icon = "inventory_2"
    sheet = "products"
    form = ProductForm
    list_display = ("name", "code", "service_type", "mode", "spec", "is_on_sale", "origin")
    list_select_related = ("service_type", "spec")
    list_filter = (
        "is_on_sale",
        "mode",
        "service_type",
        "settlement",
        "is_spot",
        "is_percentile",
        "origin",
    )
    search_fields = ("name", "code", "spec__code")
    ordering = ("name", "code")
    actions = ("withdraw", "offer")
    autocomplete_fields = ("resource_type", "spec", "usage_type")
    fieldsets = (
        (None, {"fields": ("code", "name", "resource_type", "spec", "mode", "is_on_sale", "seen")}),
        (
            gettext_lazy("Metering"),
            {"fields": ("usage_type", "usage_unit", "pricing_unit", "conversion_factor")},
        ),
        (
            gettext_lazy("Terms of trade"),
            {
                "fields": (
                    "settlement",
                    "takes_partner_discount",
                    "on_behalf_kinds",
                    "is_spot",
                    "is_percentile",
                )
            },
        ),
        (
            gettext_lazy("Reserved instances and savings plans"),
            {"fields": ("payment_option", "term_months", "commitment", "plan_discount")},
        ),
        (gettext_lazy("Resource packages"), {"fields": ("package_quota", "package_reset")}),
    )

    @admin.action(description=gettext_lazy("Withdraw from sale"), permissions=["manage"])
    def withdraw(self, request: HttpRequest, rows: QuerySet) -> None:
        """Nobody can buy them any more; what was bought stays and renews."""
        self.each(request, rows, _withdraw)

    @admin.action(description=gettext_lazy("Offer for sale again"), permissions=["manage"])
    def offer(self, request: HttpRequest, rows: QuerySet) -> None:
        """They can be bought again."""
        self.each(request, rows, _offer)


def _withdraw(actor: Actor, product_id: int) -> None:
    maintaining.set_on_sale(actor, product_id, on_sale=False)


def _offer(actor: Actor, product_id: int) -> None:
    maintaining.set_on_sale(actor, product_id, on_sale=True)
