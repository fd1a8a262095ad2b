"""Filters of account statements, cards and transfer tickets."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import CardState, EntryType, TicketState


class StatementFilterSet(PortalFilterSet):
    """Transaction time and type (05-STM-02)."""

    q = SearchFilter(["number", "remarks"], placeholder=_("Transaction SN or remarks"))
    type = django_filters.ChoiceFilter(
        label=_("Transaction Type"), choices=EntryType.choices, empty_label=_("All")
    )
    at = DateRangeFilter(label=_("Transaction Time"), field_name="at")


class CustomerStatementFilterSet(StatementFilterSet):
    """The same of a customer: what its table calls the types, and those only that it can have."""

    type = django_filters.ChoiceFilter(
        label=_("Transaction Type"),
        choices=[
            (EntryType.TOP_UP, EntryType.TOP_UP.label),
            (EntryType.REPAYMENT, _("Expenditure")),
            (EntryType.REFUND, EntryType.REFUND.label),
        ],
        empty_label=_("All"),
    )


class CardFilterSet(PortalFilterSet):
    """Last digits and state."""

    q = SearchFilter(["last4", "holder", "brand"], placeholder=_("Last digits or holder"))
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=CardState.choices, empty_label=_("Any")
    )


class TransferFilterSet(PortalFilterSet):
    """Number, bank account and state."""

    q = SearchFilter(["number", "bank_account"], placeholder=_("Ticket No. or bank account"))
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=TicketState.choices, empty_label=_("Any")
    )
