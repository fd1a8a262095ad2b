"""Tables of the ledger of alerts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import masking, money
from partner_center.lists.columns import AmountColumn, NumberColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import AlertKind, BudgetType, FreezeStatus
from ..models import BudgetAlert
from ..queries import alerts as queries
from ..rules import freezing, usage


def alert_words(alert: BudgetAlert) -> str:
    """What an alert says, in a few words."""
    match alert.kind:
        case AlertKind.THRESHOLD:
            return _("%(threshold)d%% of the budget reached") % {"threshold": alert.threshold}
        case AlertKind.FROZEN_AGAIN:
            return _("Frozen again: the budget is still used up")
        case AlertKind.FORECAST:
            return _("Will be used up on %(day)s") % {"day": portal.day(alert.exhausts_on)}
        case AlertKind.QUOTA if alert.threshold == usage.EXHAUSTED:
            return _("Consumption quota used up")
        case AlertKind.QUOTA:
            return _("%(threshold)d%% of the consumption quota exceeded") % {
                "threshold": alert.threshold
            }
    return _("Customers still frozen in %(month)s") % {"month": alert.period}


class AlertColumn(PortalColumn):
    """What the alert says; leads to whom it reached."""

    def __init__(self) -> None:
        kinds = Case(*(When(kind=k.value, then=Value(str(k.label))) for k in AlertKind))
        super().__init__(
            gettext_lazy("Alert"),
            accessor="kind",
            linkify=("budgets:alert", {"alert_id": tables.A("pk")}),
            fixed=True,
            orderable=False,
            export={
                gettext_lazy("Alert"): kinds,
                gettext_lazy("Threshold (%)"): F("threshold"),
                gettext_lazy("Expected Exhaustion"): F("exhausts_on"),
            },
        )

    def render(self, record: BudgetAlert) -> str:
        return alert_words(record)


class TypeColumn(PortalColumn):
    """Type of the budget, in words."""

    def __init__(self) -> None:
        labels = Case(
            *(When(budget_type=t.value, then=Value(str(t.label))) for t in BudgetType),
            default=Value(""),
        )
        super().__init__(
            gettext_lazy("Budget Type"), accessor="budget_type", orderable=False, export=labels
        )


class UsedColumn(AmountColumn):
    """What was used at that moment, to eight decimals, never more than it was (04-BFM-03)."""

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(money.cut(value, 8), 8)


class UsageColumn(PortalColumn):
    """Whole percent at that moment, rounded down."""

    css = "pc-figures"

    def render(self, record: BudgetAlert) -> SafeString | str:
        found = usage.percent(record.used, record.amount)
        return portal.NONE if found is None else f"{found}%"


class EffectColumn(PortalColumn):
    """What was frozen at the same time."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Effect"),
            accessor="hold__strength",
            select=["hold"],
            orderable=False,
        )

    def render(self, record: BudgetAlert) -> SafeString:
        state = freezing.frozen_as(record.hold.strength) if record.hold else FreezeStatus.NORMAL
        return portal.badge("freeze", str(state.label))


class FailedColumn(NumberColumn):
    """Deliveries that failed, bold when there are any."""

    def render(self, value: int) -> SafeString | str:
        return format_html("<strong>{}</strong>", value) if value else "0"


class AlertTable(PortalTable):
    """The ledger of alerts, newest first."""

    alert = AlertColumn()
    customer = PortalColumn(
        gettext_lazy("Customer/Account Name"),
        accessor="association__customer__name",
        export_label=gettext_lazy("Account Name"),
        second="association__customer__full_name",
        second_label=gettext_lazy("Customer Name"),
        second_mask=masking.NAME,
        select=["association__customer"],
        orderable=False,
    )
    at = TimeColumn(gettext_lazy("Time"))
    type = TypeColumn()
    amount = AmountColumn(gettext_lazy("Budget"), orderable=False)
    used = UsedColumn(gettext_lazy("Used"), orderable=False)
    percent = UsageColumn(
        gettext_lazy("Budget Usage"), accessor="used", orderable=False, export=False
    )
    effect = EffectColumn()
    recipients = NumberColumn(
        gettext_lazy("Recipients"),
        annotate={"recipients": queries.recipients(), "recipient_words": queries.recipient_words()},
        orderable=False,
        export={
            gettext_lazy("Recipients"): Cast(F("recipients"), CharField()),
            gettext_lazy("Emails and SMS"): Coalesce(
                F("recipient_words"), Value(""), output_field=TextField()
            ),
        },
    )
    failed = FailedColumn(
        gettext_lazy("Failed"), annotate={"failed": queries.failed()}, orderable=False
    )
    read = NumberColumn(gettext_lazy("Read"), annotate={"read": queries.read()}, orderable=False)
    default_order = ("-at",)

    def name_of(self, record: Any) -> str:
        return alert_words(record)
