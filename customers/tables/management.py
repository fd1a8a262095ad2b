"""Tables of Customer Management (04-CUS-01, CUS-03, CUS-12; 06-DCU-03)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.db.models import Case, F, TextChoices, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

import billing.queries.credit
import budgets.queries.pace
import churn.queries
import metering.queries.cards
import realname.queries
import resellers.queries
from accounts.choices import PartnerKind
from budgets.choices import FreezeStatus
from partner_center import clock, masking, money
from partner_center.actors import Actor
from partner_center.clock import business_date
from partner_center.lists.columns import (
    ActionsColumn,
    AmountColumn,
    BadgeColumn,
    NarrowTimeColumn,
    NumberColumn,
    PortalColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal
from realname.choices import VerifiedStatus

from .. import row_operations
from ..choices import AssociationModel, AssociationSource
from ..models import Association
from ..queries import discounts
from ..queries import management as queries
from .budgets import (
    BudgetUsageColumn,
    CurrentEstimateColumn,
    MonthlyBudgetColumn,
    OneTimeBudgetColumn,
)

#: A budget that is used up so soon stands out.
SOON = timedelta(days=3)


class ChoiceColumn(PortalColumn):
    """A stored choice, in words in files too."""

    def __init__(self, field: str, choices: type[TextChoices], **kwargs: Any) -> None:
        labels = Case(*(When(**{field: c.value}, then=Value(str(c.label))) for c in choices))
        super().__init__(accessor=field, export=labels, **kwargs)


class CustomerColumn(PortalColumn):
    """Account name, which leads to the details, and the masked customer name under it (CUS-09)."""

    def __init__(self) -> None:
        super().__init__(
            _("Customer/Account Name"),
            accessor="customer__name",
            export_label=_("Account Name"),
            second="customer__full_name",
            second_label=_("Customer Name"),
            second_mask=masking.NAME,
            select=["customer"],
            linkify=("customers:details", {"association_id": tables.A("pk")}),
            fixed=True,
        )


class FrozenColumn(BadgeColumn):
    """The one freeze state that is shown (04-BFM-17).

    Resellers choose it: their list has Automatically Frozen in its place (07-RCUS-01).
    """

    css = "pc-state pc-wraps"

    def __init__(self) -> None:
        labels = Case(
            *(When(freeze_state__state=s, then=Value(str(s.label))) for s in FreezeStatus)
        )
        super().__init__(
            _("Frozen status"),
            family="freeze",
            accessor="freeze_word",
            annotate={"freeze_word": labels},
            orderable=False,
            shown=lambda actor: not is_reseller(actor),
        )


def is_reseller(actor: Actor) -> bool:
    """Whether the list is a reseller's, which shows more from the start (04-CUS-12)."""
    return actor.partner_kind == PartnerKind.RESELLER


def is_provider(actor: Actor) -> bool:
    """Whether the list is that of a cloud solution provider."""
    return actor.partner_kind == PartnerKind.CSP


class AutomaticallyFrozenColumn(PortalColumn):
    """Whether a budget hold is live (04-CUS-12, D-59)."""

    def __init__(self) -> None:
        answer = Case(
            When(freeze_state__automatically_frozen=True, then=Value(str(_("Yes")))),
            default=Value(str(_("No"))),
        )
        super().__init__(
            _("Automatically Frozen"),
            accessor="automatically_frozen",
            annotate={"automatically_frozen": answer},
            orderable=False,
            shown=is_reseller,
        )


class RealNameColumn(BadgeColumn):
    """What is known of the customer's real name."""

    def __init__(self) -> None:
        status = realname.queries.status_of("customer_id")
        words = (When(real_name=s, then=Value(str(s.label))) for s in VerifiedStatus)
        super().__init__(
            _("Real-Name Authentication"),
            family="realname",
            accessor="real_name_word",
            annotate={"real_name": status, "real_name_word": Case(*words)},
            orderable=False,
            shown=False,
        )


class MonthToDateColumn(AmountColumn):
    """The customer's spend of the running cycle at list price (04-CUS-12)."""

    def __init__(self) -> None:
        super().__init__(
            _("Month-to-Date Expenditures"),
            accessor="month_to_date",
            annotate=lambda: {"month_to_date": metering.queries.cards.month_to_date()},
            orderable=False,
            shown=is_reseller,
        )

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(money.round_due(value), 2)


class AvailableCreditColumn(AmountColumn):
    """What a customer of the Referral model has on its account; -- in the Reseller model (04-CUS-12,
    06-DCU-03)."""

    def __init__(self, *, shown: Callable[[Actor], bool] | bool) -> None:
        super().__init__(
            _("Available Credit"),
            accessor="available_credit",
            annotate=lambda: {"available_credit": billing.queries.credit.available_credit()},
            orderable=False,
            shown=shown,
        )


class ExpectedExhaustionColumn(PortalColumn):
    """The day on which the budget will be used up at the present pace; bold within three days."""

    css = "pc-nowrap"

    def __init__(self) -> None:
        super().__init__(
            _("Expected Exhaustion"),
            accessor="exhausts_on",
            annotate=lambda: {"exhausts_on": budgets.queries.pace.exhausts_on(clock.now())},
            orderable=False,
            shown=is_provider,
        )

    def render(self, value: date) -> SafeString:
        is_soon = value - business_date(clock.now()) <= SOON
        return format_html("<strong>{}</strong>" if is_soon else "{}", portal.day(value))


class AlertsColumn(NumberColumn):
    """How many alerts wait to be handled; leads to them (04-CUS-05, 06-DAL-01, DAL-04)."""

    def __init__(self) -> None:
        super().__init__(
            _("Alerts to Be Handled"),
            accessor="open_alerts",
            annotate={
                "open_alerts": churn.queries.open_count(),
                "alerts_manager": F(f"{queries.PRESENT}__manager_id"),
            },
            orderable=False,
            select=["customer"],
        )

    def render(self, value: int, record: Association, table: PortalTable) -> SafeString:
        manager_id = record.alerts_manager  # type: ignore[attr-defined]
        page = churn.queries.tab_of(table.actor, record.account_id, manager_id)
        address = f"{reverse(page)}?{urlencode({'customer': record.customer.public_id})}"
        return format_html('<a href="{}">{}</a>', address, super().render(value))


class RowOperationsColumn(ActionsColumn):
    """The Operation column: what may be done with this customer (customers.row_operations)."""

    def __init__(self) -> None:
        super().__init__(
            "customers/management/parts/operations.html",
            annotate={
                "has_authorized": F("obtained"),
                "may_discount": discounts.is_allowed("account_id"),
                "frozen_as": F("freeze_state__state"),
                "has_budget_grant": resellers.queries.has_budget_grant("account_id"),
                "reseller_may_act": resellers.queries.has_on_behalf_grant("account_id"),
            },
        )

    def render(self, record: Any, value: Any, table: Any) -> SafeString:
        found = row_operations.offered(table.actor, record)
        return render_to_string(self.template_name, {"record": record, "operations": found})


class _CustomersTable(PortalTable):
    """Rows are associations and bear the customer's account name."""

    def name_of(self, record: Association) -> str:
        return record.customer.name


class CustomerTable(_CustomersTable):
    """The partner's own customers."""

    name = CustomerColumn()
    contact = PortalColumn(
        _("Mobile / Email"),
        accessor="customer__bound_mobile",
        export_label=_("Mobile Number"),
        mask=masking.PHONE,
        second="customer__email",
        second_label=_("Email"),
        second_mask=masking.EMAIL,
        select=["customer"],
        orderable=False,
    )
    monthly_budget = MonthlyBudgetColumn()
    one_time_budget = OneTimeBudgetColumn()
    budget_usage = BudgetUsageColumn()
    current_estimate = CurrentEstimateColumn()
    model = ChoiceColumn(
        "model", AssociationModel, verbose_name=_("Association Type"), shown=is_reseller
    )
    associated_at = NarrowTimeColumn(_("Associated On"), shown=is_reseller)
    manager = PortalColumn(
        _("Account Manager"),
        accessor="manager_name",
        annotate={"manager_name": queries.manager_name()},
        shown=False,
    )
    custom_tag = PortalColumn(_("Custom Tag"), shown=False)
    available_credit = AvailableCreditColumn(shown=is_reseller)
    month_to_date = MonthToDateColumn()
    exhausts_on = ExpectedExhaustionColumn()
    alerts = AlertsColumn()
    frozen = FrozenColumn()
    automatically_frozen = AutomaticallyFrozenColumn()
    real_name = RealNameColumn()
    source = ChoiceColumn("source", AssociationSource, verbose_name=_("Source"), shown=False)
    level = PortalColumn(
        _("Customer Level"),
        accessor="customer_level",
        annotate={"customer_level": queries.level()},
        shown=False,
        orderable=False,
    )
    country = PortalColumn(
        _("Country/Region"),
        accessor="customer__country__name",
        export=F("customer__country"),
        select=["customer"],
        shown=False,
        orderable=False,
    )
    operation = RowOperationsColumn()
    default_order = ("-associated_at",)


class ResellerCustomerTable(_CustomersTable):
    """Customers of the distributor's resellers."""

    name = CustomerColumn()
    email = PortalColumn(
        _("Email"),
        accessor="customer__email",
        mask=masking.EMAIL,
        select=["customer"],
        orderable=False,
    )
    reseller = PortalColumn(
        _("Reseller"),
        accessor="account__name",
        export_label=_("Reseller Account"),
        second="account__full_name",
        second_label=_("Reseller"),
        select=["account"],
    )
    monthly_budget = MonthlyBudgetColumn()
    one_time_budget = OneTimeBudgetColumn()
    budget_usage = BudgetUsageColumn()
    available_credit = AvailableCreditColumn(shown=True)
    current_estimate = CurrentEstimateColumn()
    model = ChoiceColumn("model", AssociationModel, verbose_name=_("Association Type"))
    authorized = BadgeColumn(
        _("Authorize Permissions"),
        family="grant",
        accessor="grant_word",
        annotate={
            "grant_word": Case(
                When(resellers.queries.has_budget_grant("account_id"), then=Value("Authorized")),
                default=Value("Not authorized"),
            )
        },
        orderable=False,
    )
    associated_at = NarrowTimeColumn(_("Associated On"), shown=False)
    frozen = FrozenColumn()
    custom_tag = PortalColumn(_("Custom Tag"), shown=False)
    month_to_date = MonthToDateColumn()
    exhausts_on = ExpectedExhaustionColumn()
    alerts = AlertsColumn()
    automatically_frozen = AutomaticallyFrozenColumn()
    operation = RowOperationsColumn()
    default_order = ("-associated_at",)
