"""Filters of invoices and the tickets about them (05 §8.4.3)."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import InvoiceState, InvoiceTicketKind, TicketState
from ..rules.invoices import period

#: Months that the filter offers; older invoices are found by their number.
_MONTHS = 36


def period_choices() -> list[tuple[str, str]]:
    """Billing cycles that are over, newest first."""
    newest = BillingCycle.of(clock.now()).previous()
    cycles = [str(newest.plus(-months)) for months in range(_MONTHS)]
    return [(cycle, period(cycle)) for cycle in cycles]


class InvoiceFilterSet(PortalFilterSet):
    """By number, period and status."""

    q = SearchFilter(["number", "bill__number"], placeholder=_("Invoice or bill number"))
    period = django_filters.ChoiceFilter(
        label=_("Period"), field_name="bill__cycle", choices=period_choices, empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=InvoiceState.choices, empty_label=_("Any")
    )


class InvoiceTicketFilterSet(PortalFilterSet):
    """By number, kind and status."""

    q = SearchFilter(
        ["number", "invoice__number", "bill__number"], placeholder=_("Ticket or invoice number")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Ticket Type"), choices=InvoiceTicketKind.choices, empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=TicketState.choices, empty_label=_("Any")
    )


class CertificateFilterSet(PortalFilterSet):
    """By bill."""

    q = SearchFilter(["number"], placeholder=_("Bill number"))
