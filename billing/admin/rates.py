"""Tax tables and exchange rates (05-BIL-05, BQY-18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from partner_center import clock
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, site

from ..models import ExchangeRate, TaxRule
from ..permissions import OPERATE_TERMS
from ..queries import taxes as queries
from ..services import rates as services


class _RowForm(forms.ModelForm):
    """A row whose service says whether it may be written so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = _left_to_the_service

    def validate_unique(self) -> None:
        """The service says it."""


def _left_to_the_service(exclude: Any = None) -> None:
    """Constraints have names, not sentences."""


class TaxForm(_RowForm):
    """A tax from a day on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "state": _("Empty: of the whole country. Written as in the registration of partners."),
            "percent": _("0 ends the tax."),
            "valid_from": _("From 00:00 (GMT+08:00), in a billing cycle that is not billed."),
        }
        for name in texts.keys() & self.fields.keys():
            self.fields[name].help_text = texts[name]


class _RateAdmin(PortalModelAdmin):
    view_permission = OPERATE_TERMS
    manage_permission = OPERATE_TERMS
    group = BILLING
    addable = True


@admin.register(TaxRule, site=site)
class TaxRuleAdmin(_RateAdmin):
    """Taxes of countries and states; one whose day has come is history."""

    icon = "account_balance"
    changeable = True
    form = TaxForm
    list_display = ("country", "state", "kind", "percent", "valid_from")
    list_filter = ("kind",)
    search_fields = ("country", "state")
    ordering = ("country", "state", "kind", "-valid_from")
    fields = ("country", "state", "kind", "percent", "valid_from")
    actions_detail = ("withdraw",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Of a tax that is there only the percentage may change, until its day comes."""
        return () if obj is None else ("country", "state", "kind", "valid_from")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until its day comes."""
        coming = obj is None or obj.valid_from > clock.business_date(clock.now())
        return coming and super().has_change_permission(request, obj)

    def has_coming_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered until its day comes."""
        today = clock.business_date(clock.now())
        rows = self.model._meta.default_manager.filter(pk=object_id, valid_from__gt=today)
        return self.may_manage(request) and rows.exists()

    def write(self, actor: Actor, form: Any, row: Any) -> TaxRule:
        """Add it, or change its percentage."""
        given = form.cleaned_data
        if row is not None:
            return services.change_tax(actor, row.pk, percent=given["percent"])
        return services.add_tax(actor, **given)

    @action(description=gettext_lazy("Withdraw Tax"), permissions=["coming"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back before its day comes."""
        rule = self.row(request, object_id)
        return self.ask(
            request,
            lambda actor: services.withdraw_tax(actor, rule.pk),
            title=_("Withdraw Tax"),
            consequence=_("The tax will not count; the one before it goes on."),
            back=reverse(self.list_route),
            row=rule,
        )


class RateForm(_RowForm):
    """A rate from a day on."""

    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=queries.currencies,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(ExchangeRate, site=site)
class ExchangeRateAdmin(_RateAdmin):
    """Rates of 1 USD; only added. A bill takes the one of the day of its issue."""

    icon = "currency_exchange"
    form = RateForm
    list_display = ("currency", "rate", "valid_from")
    list_filter = ("currency",)
    ordering = ("currency", "-valid_from")
    fields = ("currency", "rate", "valid_from")

    def write(self, actor: Actor, form: Any, row: Any) -> ExchangeRate:
        """Add it."""
        return services.add_rate(actor, **form.cleaned_data)
