"""Tables of account statements, cards and transfer tickets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, Q, TextChoices, Value, When
from django.db.models.functions import Cast as As
from django.db.models.functions import Coalesce, Concat, LPad, NullIf
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    ActionsColumn,
    AmountColumn,
    BadgeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import CardState, EntryType, TicketState

_FLOW = Case(
    When(amount__gt=0, then=Value("Income")),
    default=Value("Expenditure"),
    output_field=CharField(),
)
_INCOME = {"Income": _("Income"), "Expenditure": _("Expenditure")}


def _words(field: str, choices: type[TextChoices]) -> Case:
    """The label of a choice, for files."""
    cases = [When(Q((field, choice.value)), then=Value(str(choice.label))) for choice in choices]
    return Case(*cases, default=F(field), output_field=CharField())


class StateColumn(BadgeColumn):
    """A state by its label."""

    def __init__(self, label: Any, *, family: str, choices: type[TextChoices]) -> None:
        super().__init__(label, family=family, accessor="state", export=_words("state", choices))


class FlowColumn(PortalColumn):
    """Income or Expenditure, as the sign of the amount says."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label, accessor="flow", annotate={"flow": _FLOW}, export=_FLOW, orderable=False
        )

    def render(self, value: str) -> str | Promise:
        return _INCOME[value]


class NumberColumn(PortalColumn):
    """A number that people compare: on one line."""

    css = "pc-nowrap"


class SignedColumn(AmountColumn):
    """An amount of a statement: ``+30.00``, ``−30.00`` (05-CNV-05)."""

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(value, self.places, signed=True)


class TypeColumn(PortalColumn):
    """Transaction type; pages print a choice by its label, files ask for it."""

    def __init__(self) -> None:
        super().__init__(_("Transaction Type"), accessor="type", export=_words("type", EntryType))


class _StatementTable(PortalTable):
    """What both variants share: the newest first, of the same second the higher number (05 §8.4.2.1)."""

    default_order = ("-at",)


class StatementTable(_StatementTable):
    """Account Statements of a provider."""

    number = NumberColumn(_("Transaction SN"), fixed=True)
    at = TimeColumn(_("Transaction Time"))
    flow = FlowColumn(_("Income or Expenditure"))
    type = TypeColumn()
    amount = SignedColumn(_("Amount"), orderable=False)
    balance = AmountColumn(_("Balance"), orderable=False)
    remarks = PortalColumn(_("Remarks"), orderable=False)


class CustomerTypeColumn(TypeColumn):
    """The same of a customer, which has no bills to repay."""

    def render(self, value: str, record: Any) -> str | Promise:
        return _("Expenditure") if record.type == EntryType.REPAYMENT else value


class CustomerStatementTable(StatementTable):
    """A customer's own account: top-ups, and orders that were paid from it."""

    type = CustomerTypeColumn()


class DistributorStatementTable(_StatementTable):
    """Account Statements of a distributor: other heads, and what the entry belongs to."""

    number = NumberColumn(_("Transaction No."), fixed=True)
    at = TimeColumn(_("Transaction Time"))
    type = TypeColumn()
    reference = PortalColumn(
        _("Order/Transaction ID"),
        accessor="reference",
        annotate={
            "reference": Coalesce(
                F("bill__number"), NullIf(F("payment__reference"), Value("")), F("remarks")
            )
        },
        export=Coalesce(
            F("bill__number"), NullIf(F("payment__reference"), Value("")), F("remarks")
        ),
        orderable=False,
    )
    remarks = PortalColumn(_("Remarks"), orderable=False)
    flow = FlowColumn(_("Revenue or Expenditure"))
    amount = SignedColumn(_("Amount"), orderable=False)
    balance = AmountColumn(_("Balance"), orderable=False)


class ExpiryColumn(PortalColumn):
    """``08/29``."""

    def __init__(self) -> None:
        month = LPad(As("expires_month", CharField()), 2, Value("0"))
        year = As("expires_year", CharField())
        super().__init__(
            _("Expiration Date"),
            accessor="expires_month",
            export=Concat(month, Value("/"), year),
            orderable=False,
        )

    def render(self, record: Any) -> str:
        return f"{record.expires_month:02d}/{record.expires_year}"


class CardHistoryTable(PortalTable):
    """All cards ever added, with what became of them (05-PMT-10)."""

    card = PortalColumn(
        _("Card No."),
        accessor="last4",
        export=Concat(F("brand"), Value(" "), F("last4")),
        fixed=True,
        orderable=False,
    )
    holder = PortalColumn(_("Card Holder's Name"), orderable=False)
    expires = ExpiryColumn()
    state = StateColumn(_("Status"), family="card", choices=CardState)
    result = PortalColumn(_("Result"), orderable=False)
    added_at = TimeColumn(_("Added"))
    deleted_at = TimeColumn(_("Deleted"), shown=False)
    default_order = ("-added_at",)

    def render_card(self, record: Any) -> str:
        """Brand and last digits; nothing else of the number is known."""
        return f"{record.brand} •••• {record.last4}".strip()


class DayColumn(PortalColumn):
    """A day."""

    css = "pc-nowrap"

    def render(self, value: date) -> SafeString:
        return portal.day(value)


class ConfirmedColumn(AmountColumn):
    """What the operator has confirmed; absent until then."""

    def render(self, value: Decimal | None) -> SafeString:
        return portal.NONE if value is None else super().render(value)


class TransferTable(PortalTable):
    """Transfer tickets of a partner, the newest first."""

    number = NumberColumn(_("Ticket No."), fixed=True)
    topped_up_on = DayColumn(_("Top-Up Time"))
    amount = AmountColumn(_("Topped-Up Amount"), orderable=False)
    confirmed_amount = ConfirmedColumn(_("Confirmed"), orderable=False)
    bank_account = NumberColumn(_("Bank Account"), orderable=False)
    state = StateColumn(_("Status"), family="ticket", choices=TicketState)
    reason = PortalColumn(_("Reason of Rejection"), orderable=False)
    submitted_at = TimeColumn(_("Submitted"))
    operation = ActionsColumn("billing/funds/ticket_actions.html")
    default_order = ("-submitted_at",)
