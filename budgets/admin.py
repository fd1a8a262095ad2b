"""The operator's pages of the budgets app: holds, budgets, their records, quotas, alerts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from accounts.queries import operating as accounts
from partner_center import money
from partner_center.actors import Actor
from partner_center.admin import ACCOUNTS, ASSOCIATIONS, PortalModelAdmin, SeenForm, site
from partner_center.forms.account_name import AccountNameField

from .choices import HoldOwner, Strength
from .models import (
    Budget,
    BudgetAdjustment,
    BudgetAlert,
    ConsumptionQuota,
    FreezeHold,
    FreezeRecord,
)
from .permissions import OPERATE_HOLDS, OPERATE_QUOTAS, VIEW_ALL_ALERTS, VIEW_BUDGETS
from .queries import alerts
from .queries import consumption as quotas
from .queries import holds as queries
from .services import consumption
from .services import operating as services


class AccountForm(forms.Form):
    """Whose quota."""

    account = AccountNameField(lookup=accounts.account_id_of, label=gettext_lazy("Account name"))


class QuotaForm(SeenForm):
    """What a partner may owe."""

    seen_fields = consumption.FIELDS
    amount = forms.DecimalField(
        label=gettext_lazy("Quota (USD)"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=gettext_lazy("Empty: no limit."),
    )


class ReleaseForm(forms.Form):
    """Why; partner and records keep it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )


class HoldForm(ReleaseForm):
    """Whom the operator freezes, how much and why."""

    customer = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Customer (account name)")
    )
    strength = forms.ChoiceField(
        label=gettext_lazy("What is frozen"),
        choices=Strength.choices,
        widget=UnfoldAdminSelectWidget,
    )

    field_order = ("customer", "strength", "reason")


@admin.register(FreezeHold, site=site)
class FreezeHoldAdmin(PortalModelAdmin):
    """Why customers are frozen, released holds included. The operator releases only its own."""

    view_permission = OPERATE_HOLDS
    manage_permission = OPERATE_HOLDS
    group = ASSOCIATIONS
    icon = "ac_unit"
    list_display = ("customer", "account", "owner", "strength", "placed_at", "released_at")
    list_select_related = ("association__customer", "account")
    list_filter = ("owner", "strength", ("released_at", admin.EmptyFieldListFilter))
    search_fields = ("association__customer__name", "account__name")
    ordering = ("-id",)
    fields = (
        "customer",
        "account",
        "owner",
        "strength",
        "reason",
        "placed_by",
        "placed_at",
        "retention_until",
        "released_by",
        "released_at",
    )
    readonly_fields = ("customer",)
    actions_list = ("place",)
    actions_detail = ("release",)

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, hold: FreezeHold) -> str:
        """The customer's account name."""
        return hold.association.customer.name

    def has_own_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for live holds of the operator."""
        live = self.model._meta.default_manager.filter(
            pk=object_id, owner=HoldOwner.OPERATOR, released_at=None
        )
        return self.may_manage(request) and live.exists()

    @action(description=gettext_lazy("Freeze Customer"), permissions=["manage"])
    def place(self, request: HttpRequest) -> HttpResponse:
        """Freeze a customer by the operator's hold."""
        return self.ask(
            request,
            _place,
            title=_("Freeze Customer"),
            consequence=_(
                "The customer stays frozen until the operator releases this hold, whatever its partner "
                "does. Customer and partner are told; the partner reads the reason. Account and "
                "resources frozen: resources stand still. %(spared)s"
            )
            % {"spared": queries.spared()},
            back=reverse(self.list_route),
            form_class=HoldForm,
        )

    @action(description=gettext_lazy("Release Hold"), permissions=["own"])
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Release the operator's hold."""
        return self.operate(
            request,
            object_id,
            services.release_operator_hold,
            title=_("Release Hold"),
            consequence=_(
                "The customer is unfrozen unless its partner, a budget or a quota holds it too."
            ),
            form_class=ReleaseForm,
        )


@admin.register(FreezeRecord, site=site)
class FreezeRecordAdmin(PortalModelAdmin):
    """Every freeze and unfreeze; a book that is only read."""

    view_permission = OPERATE_HOLDS
    group = ASSOCIATIONS
    icon = "history"
    list_display = (
        "customer",
        "account",
        "action",
        "before",
        "after",
        "origin",
        "actor_name",
        "at",
    )
    list_select_related = ("association__customer", "account")
    list_filter = ("action", "origin")
    search_fields = ("association__customer__name", "account__name")
    ordering = ("-id",)
    fields = (
        "customer",
        "account",
        "action",
        "before",
        "after",
        "origin",
        "reason",
        "actor_name",
        "at",
        "code_verified",
    )
    readonly_fields = ("customer",)

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, record: FreezeRecord) -> str:
        """The customer's account name."""
        return record.association.customer.name


@admin.register(ConsumptionQuota, site=site)
class ConsumptionQuotaAdmin(PortalModelAdmin):
    """What partners may owe. Any provider or distributor opens by its name (01-QTA-05)."""

    view_permission = OPERATE_QUOTAS
    manage_permission = OPERATE_QUOTAS
    changeable = True
    group = ACCOUNTS
    icon = "account_balance"
    form = QuotaForm
    list_display = (
        "account",
        "amount",
        "settled",
        "prepaid",
        "level",
        "restricted_since",
        "set_at",
    )
    list_select_related = ("account",)
    list_filter = ("level",)
    search_fields = ("account__name", "account__full_name")
    ordering = ("account__name",)
    fields = (
        "account",
        "amount",
        "used",
        "settled",
        "prepaid",
        "counts_from",
        "restricted_since",
        "seen",
    )
    readonly_fields = (
        "account",
        "used",
        "settled",
        "prepaid",
        "counts_from",
        "restricted_since",
    )
    actions_list = ("open_account",)

    @admin.display(description=gettext_lazy("Used now (USD)"))
    def used(self, row: ConsumptionQuota) -> str:
        """What is used, neither settled by paid bills nor paid in advance."""
        return money.number(quotas.quota_of(row.pk).used)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Django's row, or an unsaved one for an account that has none yet."""
        if found := super().get_object(request, object_id, from_field):
            return found
        known = object_id.isdecimal() and accounts.account_exists(int(object_id))
        return quotas.row_of(int(object_id)) if known else None

    def write(self, actor: Actor, form: Any, row: Any) -> ConsumptionQuota:
        """Set it."""
        return consumption.set_quota(
            actor, row.account_id, values=form.cleaned_data, seen=form.cleaned_data["seen"]
        )

    @action(description=gettext_lazy("Set Quota by Account Name"), permissions=["manage"])
    def open_account(self, request: HttpRequest) -> HttpResponse:
        """Go to the page of a partner that has no quota yet."""
        form = AccountForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            page = reverse(self.change_route, args=[form.cleaned_data["account"]])
            return HttpResponseRedirect(page)
        return self.ask(
            request,
            lambda actor, **values: None,
            title=_("Set Quota by Account Name"),
            consequence=_("Partners stand in the list once a quota was set for them."),
            back=reverse(self.list_route),
            form_class=AccountForm,
        )


@admin.register(BudgetAlert, site=site)
class BudgetAlertAdmin(PortalModelAdmin):
    """The ledger of alerts of all partners; a book that is only read."""

    view_permission = VIEW_ALL_ALERTS
    group = ASSOCIATIONS
    icon = "notifications_active"
    list_display = (
        "at",
        "account",
        "customer",
        "kind",
        "threshold",
        "used",
        "amount",
        "exhausts_on",
    )
    list_select_related = ("association__customer", "account")
    list_filter = ("kind", "threshold", "budget_type")
    search_fields = ("association__customer__name", "account__name")
    ordering = ("-id",)
    fields = (
        "at",
        "account",
        "customer",
        "kind",
        "threshold",
        "budget_type",
        "period",
        "amount",
        "used",
        "action",
        "hold",
        "exhausts_on",
        "told",
    )
    readonly_fields = ("account", "customer", "hold", "told")

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, alert: BudgetAlert) -> str | None:
        """The customer's account name; none for alerts about the partner itself."""
        return alert.association.customer.name if alert.association else None

    @admin.display(description=gettext_lazy("Recipients"))
    def told(self, alert: BudgetAlert) -> str:
        """Who was told by which way, in every account that was told."""
        found = alerts.reach_everywhere(alert)
        return "\n".join(found) or _("Nobody yet.")


@admin.register(Budget, site=site)
class BudgetAdmin(PortalModelAdmin):
    """Budgets of customers, to look at: partners set them (04 "Who may act")."""

    view_permission = VIEW_BUDGETS
    group = ASSOCIATIONS
    icon = "speed"
    list_display = ("customer", "account", "type", "amount", "action", "set_at")
    list_select_related = ("customer", "account")
    list_filter = ("type", "action")
    search_fields = ("customer__name", "account__name")
    ordering = ("-set_at",)
    fields = (
        "customer",
        "account",
        "type",
        "amount",
        "action",
        "counts_from",
        "period",
        "level",
        "set_by",
        "set_at",
    )


@admin.register(BudgetAdjustment, site=site)
class BudgetAdjustmentAdmin(PortalModelAdmin):
    """Every change of a budget; a book that is only read (04-BFM-14)."""

    view_permission = VIEW_BUDGETS
    group = ASSOCIATIONS
    icon = "history"
    list_display = (
        "customer",
        "account",
        "type_after",
        "before",
        "after",
        "action_after",
        "source",
        "actor_name",
        "at",
    )
    list_select_related = ("association__customer", "account")
    list_filter = ("type_after", "source")
    search_fields = ("association__customer__name", "account__name", "actor_name")
    ordering = ("-id",)
    fields = (
        "customer",
        "account",
        "type_before",
        "before",
        "action_before",
        "type_after",
        "after",
        "action_after",
        "used",
        "unfrozen",
        "source",
        "agreement",
        "code_verified",
        "actor_name",
        "at",
    )
    readonly_fields = ("customer",)

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, record: BudgetAdjustment) -> str:
        """The customer's account name."""
        return record.association.customer.name


def _place(actor: Actor, *, customer: int, strength: str, reason: str) -> None:
    services.place_operator_hold(
        actor, customer_id=customer, strength=Strength(strength), reason=reason
    )
