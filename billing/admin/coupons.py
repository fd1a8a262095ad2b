"""Coupons and what became of them (05 §8.4.5.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.queries import operating as accounts
from catalog.choices import BillingMode
from catalog.queries import dictionary
from partner_center import clock
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, ReasonForm, owner_column, site
from partner_center.forms.account_name import AccountNameField

from ..choices import CouponSource, CouponState
from ..models import Coupon, CouponEntry
from ..permissions import OPERATE_COUPONS
from ..queries import coupons as queries
from ..services import coupons as services
from ..services.terms import Validity
from .terms import CustomerField, PartnerField, ValidityForm, last_moment

STATE_COLOURS = {
    CouponState.AVAILABLE.label: "success",
    CouponState.USED.label: "default",
    CouponState.INVALID.label: "default",
}


class _ServicesField(forms.ModelMultipleChoiceField):
    def __init__(self, label: Any, help_text: Any) -> None:
        super().__init__(
            None,
            label=label,
            help_text=help_text,
            required=False,
            widget=UnfoldAdminSelectMultipleWidget,
        )


class IssueForm(ValidityForm):
    """A coupon to be issued."""

    partner = PartnerField()
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=64, widget=UnfoldAdminTextInputWidget
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=CouponSource.choices, widget=UnfoldAdminSelectWidget
    )
    face_value = forms.DecimalField(
        label=gettext_lazy("Amount (USD)"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    customer = CustomerField(
        required=False, help_text=gettext_lazy("Empty: for all customers of the partner.")
    )
    reseller = AccountNameField(
        lookup=accounts.account_id_of,
        label=gettext_lazy("Reseller (account name)"),
        required=False,
        help_text=gettext_lazy("Of a distributor: only for customers of this reseller."),
    )
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("Billing modes"),
        choices=BillingMode.choices,
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=gettext_lazy("None chosen: all."),
    )
    applicable = _ServicesField(
        gettext_lazy("Pays only"), gettext_lazy("None chosen: all but the excluded ones.")
    )
    excluded = _ServicesField(gettext_lazy("Does not pay"), "")
    pays_marketplace = forms.BooleanField(
        label=gettext_lazy("Pays for Marketplace products"),
        required=False,
        widget=UnfoldBooleanWidget,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        max_length=256,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ("partner", "name", "source", "face_value", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("applicable", "excluded"):
            self.fields[name].queryset = dictionary.service_types()


@admin.register(Coupon, site=site)
class CouponAdmin(PortalModelAdmin):
    """Coupons of all partners: issued, and taken back, never changed."""

    view_permission = OPERATE_COUPONS
    manage_permission = OPERATE_COUPONS
    group = BILLING
    icon = "confirmation_number"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = (
        "number",
        "name",
        "partner",
        "customer",
        "reseller",
        "source",
        "face_value",
        "balance",
        "state",
        "valid_until",
    )
    list_select_related = ("account", "customer", "reseller")
    list_filter = ("kind", "source", ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("number", "name", "account__name", "customer__name", "reseller__name")
    ordering = ("-id",)
    fields = (
        "number",
        "name",
        "partner",
        "customer",
        "reseller",
        "kind",
        "source",
        "face_value",
        "balance",
        "starts_at",
        "valid_until",
        "mode_words",
        "applicable_words",
        "excluded_words",
        "pays_marketplace",
        "remarks",
        "issued_at",
        "revoked_at",
    )
    readonly_fields = (
        *("partner", "valid_until", "mode_words", "applicable_words", "excluded_words"),
    )
    actions_list = ("issue",)
    actions_detail = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Coupons with their state."""
        return super().get_queryset(request).annotate(state_word=queries.state_at(clock.now()))

    @display(description=gettext_lazy("State"), label=STATE_COLOURS)
    def state(self, coupon: Any) -> str:
        """What it is now."""
        return coupon.state_word

    @admin.display(description=gettext_lazy("Valid until"), ordering="ends_at")
    def valid_until(self, coupon: Coupon) -> SafeString:
        """The last second of the last day, as its partner reads it."""
        return last_moment(coupon.ends_at)

    @admin.display(description=gettext_lazy("Billing modes"))
    def mode_words(self, coupon: Coupon) -> str:
        """All, or which."""
        return _words(BillingMode(mode).label for mode in coupon.modes) or _("All")

    @admin.display(description=gettext_lazy("Pays only"))
    def applicable_words(self, coupon: Coupon) -> str:
        """Services, where it names any."""
        return _words(coupon.applicable.all()) or "--"

    @admin.display(description=gettext_lazy("Does not pay"))
    def excluded_words(self, coupon: Coupon) -> str:
        """Services, where it names any."""
        return _words(coupon.excluded.all()) or "--"

    def has_live_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered until it is revoked."""
        rows = self.model._meta.default_manager.filter(pk=object_id, revoked_at=None)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Issue Coupon"), permissions=["manage"])
    def issue(self, request: HttpRequest) -> HttpResponse:
        """Issue a coupon to a partner."""
        return self.ask(
            request,
            _issue,
            title=_("Issue Coupon"),
            consequence=_(
                "The partner has it at once. Bills deduct it from transactions within its validity, as "
                "far as it applies. PoC test coupons stand on their own tab and their partner is mailed "
                "before the end of each month."
            ),
            back=reverse(self.list_route),
            form_class=IssueForm,
        )

    @action(description=gettext_lazy("Revoke Coupon"), permissions=["live"])
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back what is left."""
        return self.operate(
            request,
            object_id,
            services.revoke,
            title=_("Revoke Coupon"),
            consequence=_(
                "What is left of it is gone; what bills have deducted stays. The partner reads the "
                "reason in the quota history. This cannot be taken back."
            ),
            form_class=ReasonForm,
        )


def _words(names: Iterable[Any]) -> str:
    return ", ".join(str(name) for name in names)


def _issue(
    actor: Actor,
    *,
    partner: int,
    request_id: UUID,
    starts_on: date,
    ends_on: date,
    source: str,
    **values: Any,
) -> None:
    wish = services.Wish(
        source=CouponSource(source), validity=Validity(starts_on, ends_on), **values
    )
    services.issue(actor, partner=partner, wish=wish, request_id=request_id)


@admin.register(CouponEntry, site=site)
class CouponEntryAdmin(PortalModelAdmin):
    """Every change of every coupon's balance; a book that is only read."""

    view_permission = OPERATE_COUPONS
    group = BILLING
    icon = "history"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("at", "partner", "coupon", "move", "amount", "balance", "bill", "remarks")
    list_select_related = ("account", "coupon", "bill")
    list_filter = ("move",)
    search_fields = ("coupon__number", "coupon__name", "account__name")
    ordering = ("-id",)
    fields = ("at", "partner", "coupon", "move", "amount", "balance", "bill", "remarks")
    readonly_fields = ("partner",)
