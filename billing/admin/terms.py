"""Commercial discounts, and discounts for KooGallery products (05-CDC-04, KGR-06)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.queries import operating as accounts
from partner_center import clock
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, ReasonForm, owner_column, site
from partner_center.forms.account_name import AccountNameField
from partner_center.templatetags import portal

from ..choices import DiscountState
from ..models import CommercialDiscount, MarketplaceDiscount
from ..permissions import OPERATE_TERMS
from ..queries import terms as queries
from ..rules import terms as rules
from ..services import terms as services
from ..services.terms import Validity

STATE_COLOURS = {
    DiscountState.PENDING.label: "info",
    DiscountState.EFFECTIVE.label: "success",
    DiscountState.EXPIRED.label: "default",
    DiscountState.CANCELED.label: "default",
}


class DayInput(UnfoldAdminDateWidget):
    """A day from the browser's own calendar: the theme's needs scripts that only change forms load."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day in GMT+08:00."""

    widget = DayInput


class ValidityForm(forms.Form):
    """From the first to the last day."""

    starts_on = DayField(label=gettext_lazy("First day"), help_text=gettext_lazy("From 00:00."))
    ends_on = DayField(label=gettext_lazy("Last day"), help_text=gettext_lazy("Until 23:59:59."))


class TermsForm(ValidityForm):
    """How much less for what, from when to when."""

    terms = forms.CharField(
        label=gettext_lazy("Terms"),
        widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy(
            "One a line: “all: 25%” for all common products, “service hws.service.type.ebs: 30%”, "
            "“product 00301-28215-0--0: 30%”, or for a product that is billed by use a fixed unit price "
            "in USD: “product 00301-28215-0--0: 0.08”."
        ),
    )

    def clean_terms(self) -> list[rules.Term]:
        """As rules read them. Raises ValidationError."""
        try:
            return rules.read_terms(self.cleaned_data["terms"])
        except rules.TermError as error:
            raise forms.ValidationError(str(error)) from error


class PartnerField(AccountNameField):
    """A partner by its account name."""

    def __init__(self) -> None:
        super().__init__(
            lookup=accounts.account_id_of, label=gettext_lazy("Partner (account name)")
        )


class CustomerField(AccountNameField):
    """A customer by its account name; may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            lookup=accounts.account_id_of, label=gettext_lazy("Customer (account name)"), **kwargs
        )


class GrantForm(TermsForm):
    """A new commercial discount."""

    partner = PartnerField()
    customer = CustomerField(
        required=False, help_text=gettext_lazy("Empty: for all customers of the partner.")
    )
    field_order = ("partner", "customer", "starts_on", "ends_on", "terms")


def last_moment(end: datetime) -> SafeString:
    """The last second of a validity, GMT+08:00, breaking only between day and time."""
    day, time = portal.plain_moment(rules.last_second(end)).rsplit(" ", 1)
    words = '<span class="whitespace-nowrap">{}</span> <span class="whitespace-nowrap">{}</span>'
    return format_html(words, day, f"{time} GMT+08:00")


class _DiscountAdmin(PortalModelAdmin):
    view_permission = OPERATE_TERMS
    manage_permission = OPERATE_TERMS
    group = BILLING
    partner = owner_column(gettext_lazy("Partner"))

    def get_queryset(self, request: HttpRequest) -> Any:
        """Discounts with their state."""
        return super().get_queryset(request).annotate(state_word=queries.state_at(clock.now()))

    @display(description=gettext_lazy("State"), label=STATE_COLOURS)
    def state(self, discount: Any) -> str:
        """What it is now."""
        return discount.state_word

    @admin.display(description=gettext_lazy("Expiration Date"), ordering="ends_at")
    def expires_at(self, discount: Any) -> SafeString:
        """The last second of the last day, as its partner reads it."""
        return last_moment(discount.ends_at)

    def has_running_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered until it is over."""
        rows = self.model._meta.default_manager.filter(queries.running(clock.now()), pk=object_id)
        return self.may_manage(request) and rows.exists()

    def has_coming_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered until it comes into effect."""
        rows = self.model._meta.default_manager.filter(
            pk=object_id, starts_at__gt=clock.now(), canceled_at=None
        )
        return self.may_manage(request) and rows.exists()


_CANCELED = gettext_lazy(
    "From now on transactions are settled without it; what was settled before stays. This cannot be "
    "taken back."
)


@admin.register(CommercialDiscount, site=site)
class CommercialDiscountAdmin(_DiscountAdmin):
    """What partners pay less; only what has not come into effect can be changed."""

    icon = "percent"
    list_display = (
        "number",
        "partner",
        "customer",
        "terms",
        "state",
        "starts_at",
        "expires_at",
    )
    list_select_related = ("account", "customer")
    list_filter = (
        ("customer", admin.EmptyFieldListFilter),
        ("canceled_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("number", "account__name", "customer__name")
    ordering = ("-id",)
    fields = (
        "number",
        "partner",
        "customer",
        "terms",
        "starts_at",
        "expires_at",
        "canceled_at",
        "created_at",
    )
    readonly_fields = ("partner", "terms", "expires_at")
    actions_list = ("grant",)
    actions_detail = ("change_terms", "cancel")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their terms."""
        rows = super().get_queryset(request)
        return rows.prefetch_related("terms__product", "terms__service_type")

    @admin.display(description=gettext_lazy("Terms"))
    def terms(self, discount: CommercialDiscount) -> Any:
        """As they were written, one a line."""
        lines = services.words_of(discount).splitlines()
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

    @action(description=gettext_lazy("Grant Discount"), permissions=["manage"])
    def grant(self, request: HttpRequest) -> HttpResponse:
        """Grant a partner a discount."""
        return self.ask(
            request,
            _grant,
            title=_("Grant Discount"),
            consequence=_(
                "It counts from 00:00 of the first to 23:59:59 of the last day (GMT+08:00). Once it has "
                "come into effect it can only be canceled. A discount for one customer goes before "
                "those for all."
            ),
            back=reverse(self.list_route),
            form_class=GrantForm,
        )

    @action(description=gettext_lazy("Change"), permissions=["coming"])
    def change_terms(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change it before it comes into effect."""
        discount = self.row(request, object_id)
        last = rules.last_second(discount.ends_at)
        return self.operate(
            request,
            object_id,
            _change,
            title=_("Change"),
            consequence=_("The discount has not come into effect: days and terms are replaced."),
            form_class=TermsForm,
            initial={
                "starts_on": clock.business_date(discount.starts_at),
                "ends_on": clock.business_date(last),
                "terms": services.words_of(discount),
            },
        )

    @action(description=gettext_lazy("Cancel Discount"), permissions=["running"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it now."""
        return self.operate(
            request,
            object_id,
            services.cancel,
            title=_("Cancel Discount"),
            consequence=str(_CANCELED),
            form_class=ReasonForm,
        )


def _grant(actor: Actor, *, starts_on: date, ends_on: date, **values: Any) -> None:
    services.grant(actor, validity=Validity(starts_on, ends_on), **values)


def _change(actor: Actor, key: int, *, starts_on: date, ends_on: date, terms: Any) -> None:
    services.change(actor, key, validity=Validity(starts_on, ends_on), terms=terms)


class MarketplaceForm(ValidityForm):
    """What a seller authorizes."""

    partner = PartnerField()
    seller = forms.CharField(
        label=gettext_lazy("Seller"), max_length=128, widget=UnfoldAdminTextInputWidget
    )
    product = forms.ModelChoiceField(
        None, label=gettext_lazy("Product"), widget=UnfoldAdminSelectWidget
    )
    percent = forms.DecimalField(
        label=gettext_lazy("Percent off"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=7,
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    field_order = ("partner", "seller", "product", "percent", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = queries.marketplace_products()
        self.fields["ends_on"].help_text = _("Until 23:59:59; December 31, 2099 for an open end.")


@admin.register(MarketplaceDiscount, site=site)
class MarketplaceDiscountAdmin(_DiscountAdmin):
    """What KooGallery sellers authorize partners."""

    icon = "storefront"
    list_display = (
        "number",
        "partner",
        "seller",
        "product",
        "percent",
        "state",
        "starts_at",
        "expires_at",
    )
    list_select_related = ("account", "product")
    list_filter = (("canceled_at", admin.EmptyFieldListFilter),)
    search_fields = ("number", "account__name", "product__name", "seller")
    ordering = ("-id",)
    fields = (
        "number",
        "partner",
        "seller",
        "product",
        "percent",
        "starts_at",
        "expires_at",
        "canceled_at",
    )
    readonly_fields = ("partner", "expires_at")
    actions_list = ("grant",)
    actions_detail = ("cancel",)

    @action(description=gettext_lazy("Enter Discount"), permissions=["manage"])
    def grant(self, request: HttpRequest) -> HttpResponse:
        """Enter what a seller authorizes."""
        return self.ask(
            request,
            _grant_marketplace,
            title=_("Enter Discount"),
            consequence=_(
                "Purchases of this product by the partner’s customers are settled with it. Once entered "
                "it can only be canceled."
            ),
            back=reverse(self.list_route),
            form_class=MarketplaceForm,
        )

    @action(description=gettext_lazy("Cancel Discount"), permissions=["running"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it now."""
        return self.operate(
            request,
            object_id,
            services.cancel_marketplace,
            title=_("Cancel Discount"),
            consequence=str(_CANCELED),
            form_class=ReasonForm,
        )


def _grant_marketplace(actor: Actor, *, starts_on: date, ends_on: date, **values: Any) -> None:
    services.grant_marketplace(actor, validity=Validity(starts_on, ends_on), **values)
