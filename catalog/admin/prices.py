"""List prices: history that stays, and prices that follow it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextareaWidget

from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.admin import CATALOGUE, site

from ..models import ListPrice
from ..permissions import OPERATE_CATALOGUE, VIEW_CATALOGUE
from ..queries import prices as queries
from ..rules import cells
from ..services import pricing
from .base import FileAdmin, RowForm


class PriceForm(RowForm):
    """A price from a moment on; with tiers, the price is that of the first."""

    valid_from = forms.SplitDateTimeField(
        label=gettext_lazy("Valid from"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=gettext_lazy("GMT+08:00; empty: from now on."),
    )
    tiers = forms.CharField(
        label=gettext_lazy("Tiers"),
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy(
            "One a line, from how much of a month on which price: 0:0.09, then 10240:0.085."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            self.fields["region"].help_text = _("Empty: all regions without a price of their own.")
        if self.instance.pk and self.instance.tiers.all():
            tiers = queries.tiers_of(self.instance)
            self.initial["tiers"] = cells.write_tiers(tiers, separator="\n")

    def clean_tiers(self) -> list[Any]:
        """As rules read them. Raises ValidationError."""
        try:
            return cells.read_tiers(self.cleaned_data["tiers"])
        except cells.CellError as error:
            raise forms.ValidationError(str(error)) from error


STATE_COLOURS = {
    queries.SCHEDULED.label: "info",
    queries.IN_EFFECT.label: "success",
    queries.PAST.label: "default",
}


@admin.register(ListPrice, site=site)
class ListPriceAdmin(FileAdmin):
    """What something costs from when on; only what is not in effect yet can be changed."""

    view_permission = VIEW_CATALOGUE
    manage_permission = OPERATE_CATALOGUE
    group = CATALOGUE
    icon = "sell"
    sheet = "prices"
    form = PriceForm
    addable = True
    changeable = True
    list_display = (
        "product",
        "place",
        "period",
        "price",
        "upfront",
        "valid_from",
        "state",
    )
    list_select_related = ("product", "region")
    list_filter = ("period", "region", "product__mode", "product__service_type")
    search_fields = ("product__name", "product__code")
    ordering = ("product__name", "product", "region", "period", "-valid_from")
    autocomplete_fields = ("product", "region")
    fields = (
        "product",
        "region",
        "period",
        "unit_price",
        "upfront_price",
        "valid_from",
        "tiers",
    )
    actions_detail = ("follow", "withdraw")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Prices with their state."""
        return queries.with_state(super().get_queryset(request), clock.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Where it counts stays; of a price that has been in effect, everything."""
        if obj is None:
            return ()
        if obj.price_state != queries.SCHEDULED:
            return tuple(name for name in self.fields if name != "tiers")
        return ("product", "region", "period")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Tiers of a price that has been in effect are shown as text."""
        return self.fields

    def has_scheduled_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for prices that are not in effect yet."""
        later = queries.is_scheduled(object_id, clock.now())
        return self.may_manage(request) and later

    @admin.display(description=gettext_lazy("Region"), ordering="region")
    def place(self, price: ListPrice) -> str:
        """The region; all of them when the price names none."""
        return price.region.name if price.region else _("All regions")

    @admin.display(description=gettext_lazy("Unit price (USD)"), ordering="unit_price")
    def price(self, price: ListPrice) -> str:
        """Without trailing zeros."""
        return money.plain(price.unit_price)

    @admin.display(description=gettext_lazy("Upfront (USD)"), ordering="upfront_price")
    def upfront(self, price: ListPrice) -> str:
        """Due once; most products have none."""
        return money.plain(price.upfront_price) if price.upfront_price else "--"

    @display(description=gettext_lazy("State"), label=STATE_COLOURS)
    def state(self, price: Any) -> str:
        """Whether it counts now."""
        return str(queries.PriceState(price.price_state).label)

    def write(self, actor: Actor, form: Any, row: Any) -> ListPrice:
        """Add a price, or change one that is not in effect yet."""
        given = form.cleaned_data
        source = row if row is not None else form.instance
        line = pricing.PriceLine(
            product=source.product,
            region=source.region,
            period=source.period,
            unit_price=given.get("unit_price", source.unit_price),
            upfront_price=given.get("upfront_price", source.upfront_price),
            valid_from=given.get("valid_from"),
            tiers=tuple(given["tiers"]),
        )
        if row is None:
            return pricing.set_price(actor, line)
        return pricing.change_price(actor, row.pk, line)

    @action(description=gettext_lazy("Add Following Price"), permissions=["manage"])
    def follow(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new price of the same product, region and term."""
        price = self.row(request, object_id)
        same = {
            "product": price.product_id,
            "region": price.region_id or "",
            "period": price.period,
        }
        add = reverse("admin:catalog_listprice_add")
        return HttpResponseRedirect(f"{add}?{urlencode(same)}")

    @action(description=gettext_lazy("Withdraw Price"), permissions=["scheduled"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back before it comes into effect."""
        price = self.row(request, object_id)
        return self.ask(
            request,
            lambda actor: pricing.withdraw_price(actor, price.pk),
            title=_("Withdraw Price"),
            consequence=_("The price will not come into effect; the one before it goes on."),
            back=reverse(self.list_route),
            row=price,
        )
