"""What distributors grant their resellers, and breaches of the commitment letter (08-DCL-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.queries import operating as accounts
from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, owner_column, site
from partner_center.forms.account_name import AccountNameField

from ..choices import BreachConsequence
from ..models import LetterBreach, ResellerBudgetGrant, ResellerOnBehalfGrant
from ..permissions import OPERATE_RESELLERS
from ..services import operating as services


class _OptionalAccountField(AccountNameField):
    """An account name that may stay empty."""

    def clean(self, value: Any) -> Any:
        """The key, or None. Raises ValidationError for an unknown name."""
        return super().clean(value) if value else None


class BreachForm(forms.Form):
    """Who breached the letter, what happened, what the operator did."""

    distributor = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Distributor (account name)")
    )
    reseller = _OptionalAccountField(
        lookup=accounts.account_id_of,
        label=gettext_lazy("Reseller (account name)"),
        required=False,
    )
    consequence = forms.ChoiceField(
        label=gettext_lazy("Consequence"),
        choices=BreachConsequence.choices,
        widget=UnfoldAdminSelectWidget,
    )
    facts = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
    )


class _GrantAdmin(PortalModelAdmin):
    """Grants, closed ones included; read only: distributors give and withdraw them."""

    view_permission = OPERATE_RESELLERS
    group = ASSOCIATIONS
    distributor = owner_column(gettext_lazy("Distributor"))
    list_select_related = ("association__reseller", "account", "granted_by")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("association__reseller__name", "account__name")
    ordering = ("-id",)
    readonly_fields = ("distributor", "reseller")

    @admin.display(description=gettext_lazy("Reseller"))
    def reseller(self, grant: ResellerBudgetGrant | ResellerOnBehalfGrant) -> str:
        """The reseller's account name."""
        return grant.association.reseller.name


@admin.register(ResellerBudgetGrant, site=site)
class ResellerBudgetGrantAdmin(_GrantAdmin):
    """Budgets and freezing, with the quotas."""

    icon = "tune"
    list_display = (
        "reseller",
        "distributor",
        "monthly_quota",
        "one_time_quota",
        "granted_at",
        "closed_at",
    )
    fields = (*list_display, "granted_by")


@admin.register(ResellerOnBehalfGrant, site=site)
class ResellerOnBehalfGrantAdmin(_GrantAdmin):
    """Orders and O&M on the behalf of customers."""

    icon = "switch_account"
    list_display = ("reseller", "distributor", "granted_by", "granted_at", "closed_at")
    fields = list_display


@admin.register(LetterBreach, site=site)
class LetterBreachAdmin(PortalModelAdmin):
    """What the operator did about breaches; a book: records are added, never changed."""

    view_permission = OPERATE_RESELLERS
    manage_permission = OPERATE_RESELLERS
    group = ASSOCIATIONS
    icon = "gavel"
    distributor = owner_column(gettext_lazy("Distributor"))
    list_display = ("distributor", "reseller", "consequence", "recorded_by", "recorded_at")
    list_select_related = ("account", "association__reseller", "recorded_by")
    list_filter = ("consequence",)
    search_fields = ("account__name", "association__reseller__name", "facts")
    ordering = ("-id",)
    fields = ("distributor", "reseller", "consequence", "facts", "recorded_by", "recorded_at")
    readonly_fields = ("distributor", "reseller")
    actions_list = ("record_breach",)

    @admin.display(description=gettext_lazy("Reseller"))
    def reseller(self, breach: LetterBreach) -> str:
        """The reseller's account name; none for a breach of the distributor itself."""
        return breach.association.reseller.name if breach.association else "--"

    @action(description=gettext_lazy("Record Breach"), permissions=["manage"])
    def record_breach(self, request: HttpRequest) -> HttpResponse:
        """Record what was done about a breach."""
        return self.ask(
            request,
            _record_breach,
            title=_("Record Breach"),
            consequence=_(
                "The record stays for ever. The consequence itself is carried out where it belongs."
            ),
            back=reverse(self.list_route),
            form_class=BreachForm,
        )


def _record_breach(
    actor: Actor, *, distributor: int, reseller: int | None, consequence: str, facts: str
) -> None:
    services.record_breach(
        actor,
        distributor_id=distributor,
        reseller_id=reseller,
        consequence=BreachConsequence(consequence),
        facts=facts,
    )
