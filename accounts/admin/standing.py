"""Account Standing and Partner Terms: what the operator knows of accounts and grants partners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from partner_center.actors import Actor
from partner_center.admin import ACCOUNTS, PortalModelAdmin, SeenForm, site
from partner_center.forms.account_name import AccountNameField

from ..models import AccountStanding, PartnerTerms
from ..permissions import OPERATE_STANDING, VIEW_STANDING
from ..queries import operating as accounts
from ..queries import standing as queries
from ..services import standing as services


class AccountForm(forms.Form):
    """Whose."""

    account = AccountNameField(lookup=accounts.account_id_of, label=gettext_lazy("Account name"))


class StandingForm(SeenForm):
    """Everything that is known of an account."""

    seen_fields = services.STANDING_FIELDS


class TermsForm(SeenForm):
    """Everything that is granted to a partner."""

    seen_fields = services.TERMS_FIELDS
    referral_excluded = forms.MultipleChoiceField(
        label=gettext_lazy("Countries excluded from Referral"),
        choices=list(countries),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
    )
    reseller_countries = forms.MultipleChoiceField(
        label=gettext_lazy("Authorized regions for resellers"),
        choices=list(countries),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=gettext_lazy("None: the distributor’s own service country only."),
    )


class OneOfAccount(PortalModelAdmin):
    """Rows of which every account has one, written or not: the page of any account opens."""

    view_permission = VIEW_STANDING
    manage_permission = OPERATE_STANDING
    changeable = True
    group = ACCOUNTS
    list_select_related = ("account",)
    search_fields = ("account__name", "account__full_name")
    ordering = ("account__name",)
    readonly_fields = ("account",)
    actions_list = ("open_account",)
    open_title: Promise = gettext_lazy("Open by Account Name")

    def row_of(self, account_id: int) -> Any:
        """The row of an account; an unsaved one of defaults while there is none."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Django's row, or defaults for an account that has none yet."""
        if found := super().get_object(request, object_id, from_field):
            return found
        known = object_id.isdecimal() and accounts.account_exists(int(object_id))
        return self.row_of(int(object_id)) if known else None

    @action(description=gettext_lazy("Open by Account Name"), permissions=["manage"])
    def open_account(self, request: HttpRequest) -> HttpResponse:
        """Go to the page of an account that is not in the list yet."""
        form = AccountForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return HttpResponseRedirect(
                reverse(self.change_route, args=[form.cleaned_data["account"]])
            )
        return self.ask(
            request,
            lambda actor, **values: None,
            title=_("Open by Account Name"),
            consequence=_("Accounts stand in the list once something was kept about them."),
            back=reverse(self.list_route),
            form_class=AccountForm,
        )


@admin.register(AccountStanding, site=site)
class AccountStandingAdmin(OneOfAccount):
    """Facts that decide about reserving, associating and releasing an account."""

    icon = "fact_check"
    form = StandingForm
    list_display = (
        "account",
        "level",
        "followed_by_direct_sales",
        "is_enterprise_master",
        "contract",
        "is_internal",
        "watchlist",
    )
    list_filter = (
        "level",
        "followed_by_direct_sales",
        "with_online_sales",
        "is_enterprise_master",
        "is_internal",
        "contract",
        "watchlist",
    )
    fieldsets = (
        (None, {"fields": ("account", "level", "seen")}),
        (
            gettext_lazy("Sales"),
            {
                "fields": (
                    "on_mainland_site",
                    "followed_by_direct_sales",
                    "with_online_sales",
                    "preregistered_by_operator",
                    "is_internal",
                    "is_enterprise_master",
                    "contract",
                    "has_commerce_contract",
                    "has_service_contract",
                    "watchlist",
                )
            },
        ),
        (
            gettext_lazy("Charging"),
            {
                "fields": (
                    "has_cash_spend",
                    "overdue",
                    "balance",
                    "uninvoiced",
                    "has_credit_account",
                    "has_credit_bill_run",
                    "has_resources",
                    "has_reserved_instances",
                    "has_support_plan",
                    "has_orders_for_partner",
                )
            },
        ),
    )

    def row_of(self, account_id: int) -> AccountStanding:
        """What is known, or nothing."""
        return queries.standing_of(account_id)

    def write(self, actor: Actor, form: Any, row: Any) -> AccountStanding:
        """Keep it."""
        return services.set_standing(
            actor, row.account_id, values=form.cleaned_data, seen=form.cleaned_data["seen"]
        )


@admin.register(PartnerTerms, site=site)
class PartnerTermsAdmin(OneOfAccount):
    """What a partner may do. It is told what it was granted and what was taken."""

    icon = "gavel"
    form = TermsForm
    list_display = (
        "account",
        "may_refer",
        "may_discount",
        "max_discount",
        "may_disassociate",
        "may_develop",
        "is_prepaid",
        "may_upload_certificates",
    )
    list_filter = (
        "may_refer",
        "may_discount",
        "may_disassociate",
        "may_develop",
        "is_prepaid",
        "is_test",
        "may_upload_certificates",
    )
    fieldsets = (
        (None, {"fields": ("account", "seen")}),
        (
            gettext_lazy("Permissions"),
            {
                "fields": (
                    "may_refer",
                    "may_discount",
                    "max_discount",
                    "estimated_rebate",
                    "may_disassociate",
                    "may_develop",
                    "may_upload_certificates",
                    "platform_id",
                )
            },
        ),
        (
            gettext_lazy("Kind of partnership"),
            {"fields": ("is_prepaid", "is_test", "referral_excluded", "reseller_countries")},
        ),
    )

    def row_of(self, account_id: int) -> PartnerTerms:
        """What is granted, or the defaults."""
        return queries.terms_of(account_id)

    def write(self, actor: Actor, form: Any, row: Any) -> PartnerTerms:
        """Grant and take."""
        return services.set_terms(
            actor, row.account_id, values=form.cleaned_data, seen=form.cleaned_data["seen"]
        )
