"""Accounts: search, correct, set the partner kind, suspend and activate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from partner_center.actors import Actor
from partner_center.admin import ACCOUNTS, PortalModelAdmin, ReasonForm, SeenForm, site

from ..choices import AccountStatus, PartnerKind
from ..models import Account, AccountCurrency
from ..permissions import OPERATE_ACCOUNTS, VIEW_ALL_ACCOUNTS, VIEW_STANDING
from ..services import operating

STATUS_COLOURS = {AccountStatus.ACTIVE.label: "success", AccountStatus.SUSPENDED.label: "danger"}


class AccountForm(SeenForm):
    """What the operator corrects."""

    seen_fields = operating.CORRECTED_FIELDS


class PartnerKindForm(forms.Form):
    """The kind to set."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Partner kind"),
        choices=PartnerKind.choices,
        coerce=PartnerKind,
        empty_value=PartnerKind.NONE,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Account, site=site)
class AccountAdmin(PortalModelAdmin):
    """All tenants: customers, partners, and the operator itself."""

    view_permission = VIEW_ALL_ACCOUNTS
    manage_permission = OPERATE_ACCOUNTS
    changeable = True
    group = ACCOUNTS
    icon = "domain"
    form = AccountForm
    list_display = (
        "name",
        "full_name",
        "kind",
        "shown_status",
        "stage",
        "country",
        "registered_at",
    )
    list_filter = ("partner_kind", "status", "stage", "is_operator")
    search_fields = ("name", "full_name", "email", "public_id")
    ordering = ("-registered_at",)
    actions_detail = ("set_kind", "suspend", "activate", "standing", "terms")
    fieldsets = (
        (None, {"fields": ("name", "public_id", "partner_kind", "status", "stage", "seen")}),
        (gettext_lazy("Company"), {"fields": ("full_name", "tax_id", "tenant_type", "industry")}),
        (
            gettext_lazy("Registration address"),
            {
                "fields": (
                    "address_line1",
                    "address_line2",
                    "city",
                    "state",
                    "postal_code",
                    "country",
                )
            },
        ),
        (
            gettext_lazy("Settings"),
            {
                "fields": (
                    "max_custom_roles",
                    "verifies",
                    "templates_on_behalf",
                    "revokes_customer_bills",
                    "language",
                    "time_zone",
                    "registered_at",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything that the operator does not correct."""
        shown = [name for _title, options in self.fieldsets for name in options["fields"]]
        return [name for name in shown if name not in (*operating.CORRECTED_FIELDS, "seen")]

    @display(description=gettext_lazy("Partner kind"), ordering="partner_kind")
    def kind(self, account: Account) -> str:
        """The kind in words; the operator's own account says so."""
        return _("Operator") if account.is_operator else account.get_partner_kind_display()

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_status(self, account: Account) -> str:
        """The status with its colour."""
        return account.get_status_display()

    def write(self, actor: Actor, form: Any, row: Any) -> Account:
        """Correct the account."""
        return operating.correct_account(
            actor, row.pk, values=form.cleaned_data, seen=form.cleaned_data["seen"]
        )

    def _is(self, object_id: Any, status: AccountStatus) -> bool:
        accounts = self.model._meta.default_manager.filter(pk=object_id, is_operator=False)
        return accounts.filter(status=status).exists()

    def has_suspend_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for active accounts but the operator's."""
        return self.may_manage(request) and self._is(object_id, AccountStatus.ACTIVE)

    def has_activate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for suspended accounts."""
        return self.may_manage(request) and self._is(object_id, AccountStatus.SUSPENDED)

    @action(description=gettext_lazy("Set Partner Kind"), permissions=["manage"])
    def set_kind(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make the account a partner of a kind, or none."""
        return self.operate(
            request,
            object_id,
            operating.set_partner_kind,
            title=_("Set Partner Kind"),
            consequence=_(
                "The account gets the portal, the permissions and the menus of this kind with its "
                "next page. Partners of no kind see the customers’ portal."
            ),
            form_class=PartnerKindForm,
            initial={"kind": self.row(request, object_id).partner_kind},
        )

    @action(description=gettext_lazy("Suspend Account"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the account."""
        return self.operate(
            request,
            object_id,
            operating.suspend_account,
            title=_("Suspend Account"),
            consequence=_(
                "Nobody of this account can sign in. Everybody who is signed in now is signed out "
                "with the next page."
            ),
            form_class=ReasonForm,
        )

    @action(description=gettext_lazy("Activate Account"), permissions=["activate"])
    def activate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open the account again."""
        return self.operate(
            request,
            object_id,
            operating.activate_account,
            title=_("Activate Account"),
            consequence=_("The users of this account can sign in again."),
            form_class=ReasonForm,
        )

    def has_view_standing_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered to those who may see the standing of accounts."""
        return request.actor.can(VIEW_STANDING)  # type: ignore[attr-defined]

    def has_view_terms_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for partners, as above."""
        rows = self.model._meta.default_manager.filter(pk=object_id).exclude(partner_kind="")
        return self.has_view_standing_permission(request) and rows.exists()

    @action(description=gettext_lazy("Account Standing"), permissions=["view_standing"])
    def standing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to what is known of the account."""
        pk = self.row(request, object_id).pk
        return HttpResponseRedirect(reverse("admin:accounts_accountstanding_change", args=[pk]))

    @action(description=gettext_lazy("Partner Terms"), permissions=["view_terms"])
    def terms(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to what the partner may do."""
        pk = self.row(request, object_id).pk
        return HttpResponseRedirect(reverse("admin:accounts_partnerterms_change", args=[pk]))


@admin.register(AccountCurrency, site=site)
class AccountCurrencyAdmin(PortalModelAdmin):
    """Payment currencies by cycle; a book, read only."""

    view_permission = VIEW_ALL_ACCOUNTS
    group = ACCOUNTS
    icon = "payments"
    list_display = ("account", "currency", "from_cycle", "set_by", "set_at")
    list_select_related = ("account", "set_by")
    list_filter = ("currency",)
    search_fields = ("account__name",)
    ordering = ("-id",)
