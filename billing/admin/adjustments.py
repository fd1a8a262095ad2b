"""Adjustments of open cycles (05-BIL-20)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.queries import goods
from partner_center import clock
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, owner_column, site
from partner_center.clock import BillingCycle

from ..models import Adjustment
from ..permissions import OPERATE_BILLS
from ..queries import terms as queries
from ..services import adjusting as services
from .terms import CustomerField


class PostForm(forms.Form):
    """What is corrected, by how much, and why."""

    customer = CustomerField()
    product = forms.CharField(
        label=gettext_lazy("Product ID"), max_length=128, widget=UnfoldAdminTextInputWidget
    )
    region = forms.ModelChoiceField(
        None, label=gettext_lazy("Region"), required=False, widget=UnfoldAdminSelectWidget
    )
    cycle = forms.ChoiceField(label=gettext_lazy("Billing cycle"), widget=UnfoldAdminSelectWidget)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount (USD)"),
        max_digits=20,
        decimal_places=8,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=gettext_lazy("Below 0: what the customer and its partner get back."),
    )
    corrects = forms.CharField(
        label=gettext_lazy("Corrects order or transaction"),
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Order/Transaction ID of the line that is wrong, of any cycle."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = BillingCycle.of(clock.now())
        cycles = [str(running), str(running.previous())]
        self.fields["cycle"].choices = [(cycle, cycle) for cycle in cycles]
        self.fields["region"].queryset = goods.regions()

    def clean_product(self) -> Any:
        """The product of this ID. Raises ValidationError."""
        found = queries.product_of_code(self.cleaned_data["product"].strip())
        if found is None:
            raise forms.ValidationError(_("There is no product with this ID."))
        return found


@admin.register(Adjustment, site=site)
class AdjustmentAdmin(PortalModelAdmin):
    """What the operator corrected; a book that is only added to."""

    view_permission = OPERATE_BILLS
    manage_permission = OPERATE_BILLS
    group = BILLING
    icon = "tune"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = (
        "number",
        "cycle",
        "partner",
        "customer",
        "product",
        "amount",
        "corrects",
        "posted_by",
        "posted_at",
    )
    list_select_related = ("account", "customer", "product")
    list_filter = ("cycle",)
    search_fields = ("number", "account__name", "customer__name", "corrects")
    ordering = ("-id",)
    fields = (
        "number",
        "cycle",
        "partner",
        "customer",
        "product",
        "amount",
        "corrects",
        "reason",
        "posted_by",
        "posted_at",
    )
    readonly_fields = ("partner",)
    actions_list = ("post",)

    @action(description=gettext_lazy("Post Adjustment"), permissions=["manage"])
    def post(self, request: HttpRequest) -> HttpResponse:
        """Post an adjustment to an open cycle."""
        return self.ask(
            request,
            _post,
            title=_("Post Adjustment"),
            consequence=_(
                "The customer sees it among its expenditures at once, and it goes onto the partner’s "
                "bill of the cycle with this amount. An issued bill never changes: to correct one, post "
                "to an open cycle and name the line."
            ),
            back=reverse(self.list_route),
            form_class=PostForm,
        )


def _post(actor: Actor, *, request_id: UUID, **values: Any) -> None:
    services.post(actor, wish=services.Wish(**values), request_id=request_id)
