"""Billing Center > Top-Up: customers that pay the operator themselves (08 §10.3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.queries import own
from partner_center import clock
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience

from ..filters.funds import CustomerStatementFilterSet
from ..permissions import TOP_UP
from ..queries import credit
from ..queries import funds as queries
from ..tables.funds import CustomerStatementTable
from . import payment_methods, repay


class CustomerPage:
    """A page of Top-Up; mixed into the partners' page of the same kind."""

    permission = TOP_UP
    audiences = frozenset({Audience.CUSTOMER})


class TopUpView(CustomerPage, repay.RepayView):
    """Balance, and how much from which card; who is settled by a partner reads that (CST-01, CST-02)."""

    title = gettext_lazy("Top-Up")
    back = "billing:statements"
    template_name = "billing/funds/top_up.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, without an amount: nothing is due."""
        return self._show_form(self._form(initial={}), self.frame())

    def frame(self) -> dict[str, Any]:
        """The balance, and the limit that a partner has set."""
        account_id = self.actor.account_id
        return {
            "dues": queries.own_dues(self.actor),
            "by_partner": credit.settling_partner(account_id),
            "limit": own.limit_of(self.actor, clock.now()),
            "cards_url": self.address("billing:payment-methods"),
        }


class PayView(CustomerPage, repay.PayView):
    """The payment page of a top-up."""

    pays_bills = False

    def trail(self) -> list[tuple[str, str]]:
        """Top-Up is the entry itself."""
        return []


class RecordsView(CustomerPage, PortalListView):
    """What came onto the account and what was paid from it."""

    title = gettext_lazy("Account Records")
    list_name = "top_up_records"
    basis = gettext_lazy("USD; the balance is that after the entry.")
    queryset = staticmethod(queries.list_top_ups)
    filterset_class = CustomerStatementFilterSet
    table_class = CustomerStatementTable
    template_name = "billing/funds/top_up_records.html"
    empty_title = gettext_lazy("No transactions in the last 12 months")
    empty_text = gettext_lazy("Top-ups, and orders that were paid from the balance, stand here.")
    empty_icon = "coin"

    def get_extra_context(self) -> dict[str, Any]:
        """Where the page belongs."""
        return {"crumbs": [(_("Account Records"), "")]}


class CardsView(CustomerPage, payment_methods.PaymentMethodsView):
    """The customer's cards."""

    title = gettext_lazy("Payment Methods")
    template_name = "billing/funds/cards.html"


class AddCardView(CustomerPage, payment_methods.AddCardView):
    """Dialog Add Card."""


class VerifyCardView(CustomerPage, payment_methods.VerifyCardView):
    """The issuer asks the holder."""


class SetDefaultView(CustomerPage, payment_methods.SetDefaultView):
    """Operation > Set as Default."""


class EditCardView(CustomerPage, payment_methods.EditCardView):
    """Operation > Edit."""


class DeleteCardView(CustomerPage, payment_methods.DeleteCardView):
    """Operation > Delete."""


class CardHistoryView(CustomerPage, payment_methods.CardHistoryView):
    """All cards ever added."""

    list_name = "own_card_history"


class AgreementView(CustomerPage, payment_methods.AgreementView):
    """The agreement on binding cards."""
