"""Repay: by card, or by bank transfer with a ticket (05 §8.4.1.6, 06-DRP)."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock, money
from partner_center.lists.views import PortalListView
from partner_center.refusals import NotFound, Refusal
from partner_center.uploads import PrivateFileView, open_private

from ..choices import PaymentState
from ..filters.funds import TransferFilterSet
from ..forms.funds import PayForm, RepayForm, TransferForm
from ..permissions import OPERATE_FUNDS, PAY_BILLS
from ..queries import funds as queries
from ..rules.bills import in_currency
from ..services import paying, transfers
from ..tables.funds import TransferTable
from .funds_base import PARTNERS, FundsView


class RepayView(FundsView):
    """The page Repay: what is due, and the two ways of paying it; this one is Online Payment."""

    title = gettext_lazy("Repay")
    back = "billing:bills"
    template_name = "billing/funds/repay_online.html"
    tab = "billing:repay"

    @cached_property
    def limits(self) -> queries.Limits:
        """Of a single payment, today."""
        return queries.limits_of(self.actor.account_id, clock.now())

    @cached_property
    def not_offered(self) -> str:
        """Why this partner cannot pay by card; empty when it can (05-REP-13)."""
        try:
            queries.refuse_cards(self.actor.account_id, self.actor.partner_kind)
        except Refusal as refusal:
            return refusal.sentence
        return ""

    def frame(self) -> dict[str, Any]:
        """What both ways show."""
        labels = {
            "billing:repay": _("Online Payment"),
            "billing:repay-transfer": _("Bank Transfer"),
        }
        return {
            "crumbs": [(_("Repay"), "")],
            "dues": queries.own_dues(self.actor),
            "methods": [
                {"label": label, "url": reverse(name), "current": name == self.tab}
                for name, label in labels.items()
            ],
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        """The total due is filled in, as far as one payment may come to it (TXL-01)."""
        frame = self.frame()
        amount = min(frame["dues"].total, self.limits.high)
        return self._show_form(self._form(initial={"amount": amount or None}), frame)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """On to the payment page with amount and card."""
        form, frame = self._form(request.POST), self.frame()
        if self.not_offered or not form.is_valid():
            return self._show_form(form, frame, status=422)
        data = form.cleaned_data
        try:
            paying.refuse_outside(self.actor.account_id, data["amount"], clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
            return self._show_form(form, frame, status=422)
        query = urlencode({"amount": data["amount"], "card": data["card"].pk})
        return redirect(f"{self.address('billing:pay')}?{query}")

    def _form(self, data: Any = None, **more: Any) -> RepayForm:
        cards = queries.usable_cards(self.actor.account_id)
        if "initial" in more and (first := cards.first()):
            more["initial"]["card"] = first.pk
        low, high = self.limits.words
        words = _("From %(low)s to %(high)s for a single payment.") % {"low": low, "high": high}
        return RepayForm(data, cards=cards, limits=words, **more)

    def _show_form(self, form: RepayForm, frame: dict[str, Any], status: int = 200) -> HttpResponse:
        has_cards = queries.usable_cards(self.actor.account_id).exists()
        context = {"form": form, "not_offered": self.not_offered, "has_cards": has_cards}
        return self.show(status=status, **context, **frame)


class PayView(RepayView):
    """The payment page: card information, and Pay (05-REP-04)."""

    title = gettext_lazy("Payment")
    back = "billing:repay"
    pays_bills = True
    template_name = "billing/funds/pay.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show what will be charged; without a valid amount and card back to Repay."""
        form = RepayForm(request.GET, cards=queries.usable_cards(self.actor.account_id), limits="")
        queries.own_dues(self.actor)
        if self.not_offered or not form.is_valid():
            return redirect(self.address("billing:repay"))
        return self._confirm(form.cleaned_data["amount"], form.cleaned_data["card"])

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Pay; a second click finds the first one's payment."""
        form = PayForm(request.POST, cards=queries.usable_cards(self.actor.account_id), limits="")
        queries.own_dues(self.actor)
        if not form.is_valid():
            return self.done(_("Choose the card and the amount again."), "billing:repay")
        data = form.cleaned_data
        try:
            payment = paying.repay(
                self.actor,
                key=f"pay-{self.actor.account_id}-{data['nonce']}",
                card_id=data["card"].pk,
                amount=data["amount"],
                seen=data["seen"],
            )
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            return self._confirm(data["amount"], data["card"], refusal.sentence)
        if payment.state == PaymentState.FAILED:
            return self._confirm(data["amount"], data["card"], payment.failure)
        return self._paid(payment)

    def trail(self) -> list[tuple[str, str]]:
        """Where the page stands, below the entry of the menu."""
        return [(_("Repay"), self.address(self.back))]

    def _paid(self, payment: Any) -> HttpResponseBase:
        if payment.state == PaymentState.PENDING:
            words = _("The payment is being processed. It stands here as soon as it is decided.")
            messages.info(self.request, words)
        else:
            words = _("%(amount)s was paid.") if self.pays_bills else _("%(amount)s was topped up.")
            messages.success(self.request, words % {"amount": money.words(payment.amount)})
        return redirect(self.address("billing:statements"))

    def _confirm(self, amount: Decimal, card: Any, refused: str = "") -> HttpResponse:
        dues = queries.own_dues(self.actor)
        initial = {
            "amount": amount,
            "card": card.pk,
            "nonce": secrets.token_hex(16),
            "seen": dues.seen,
        }
        limits = self.limits
        context = {
            "form": PayForm(
                initial=initial, cards=queries.usable_cards(self.actor.account_id), limits=""
            ),
            "card": card,
            "amount": amount,
            "limits": limits,
            "rate": money.plain(limits.rate),
            "charged": in_currency(amount, limits.rate, limits.currency),
            "refused": refused,
            "over": max(amount - dues.total, Decimal(0)) if self.pays_bills else None,
            "dues": dues,
            "crumbs": [*self.trail(), (_("Payment"), "")],
        }
        return self.show(status=422 if refused else 200, **context)


class BankTransferView(RepayView):
    """Repay by bank transfer: the account to transfer to, and how (05-REP-06 to REP-09)."""

    template_name = "billing/funds/repay_transfer.html"
    tab = "billing:repay-transfer"
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the newest account of the partner's signing entity and currency."""
        account = queries.top_up_account(self.actor.account_id, clock.now())
        return self.show(top_up=account, **self.frame())


class TransferListView(PortalListView):
    """Transfer tickets of the partner with what became of them."""

    permission = PAY_BILLS
    audiences = PARTNERS
    title = gettext_lazy("Transfer Tickets")
    list_name = "transfer_tickets"
    basis = gettext_lazy("Tickets are processed within 3 working days.")
    queryset = staticmethod(queries.list_transfers)
    filterset_class = TransferFilterSet
    table_class = TransferTable
    template_name = "billing/funds/transfers.html"
    empty_title = gettext_lazy("No transfer tickets yet")
    empty_text = gettext_lazy(
        "After a bank transfer, send a ticket with its amount and certificate: your account is then "
        "topped up."
    )
    empty_icon = "send"
    empty_action = (gettext_lazy("Transfer Ticket"), "billing:transfer-create")

    def get_extra_context(self) -> dict[str, Any]:
        """Where the page belongs."""
        return {
            "crumbs": [
                (_("Repay"), reverse("billing:repay-transfer")),
                (_("Transfer Tickets"), ""),
            ]
        }


class CreateTransferView(FundsView):
    """Create Service Ticket (05-REP-09)."""

    title = gettext_lazy("Create Service Ticket")
    back = "billing:transfers"
    template_name = "billing/funds/transfer_create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        queries.own_dues(self.actor)
        return self.show(form=TransferForm(), **self._words())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send it."""
        queries.own_dues(self.actor)
        form = TransferForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form, status=422, **self._words())
        try:
            ticket = transfers.submit(self.actor, form.transfer)
        except Refusal as refusal:
            return self.refused(form, refusal, **self._words())
        words = _("Ticket %(number)s submitted. It is processed within 3 working days.")
        return self.done(words % {"number": ticket.number})

    def _words(self) -> dict[str, Any]:
        return {
            "submit_label": _("Submit"),
            "crumbs": [
                (_("Repay"), reverse("billing:repay-transfer")),
                (_("Create Service Ticket"), ""),
            ],
        }


class CertificateView(PrivateFileView):
    """The certificate of a ticket: for the partner that sent it, and for who handles it."""

    permission = PAY_BILLS

    def _authorize(self) -> None:
        actor = self.request.actor
        if actor.is_operator:
            actor.require(OPERATE_FUNDS)
        else:
            if actor.audience not in PARTNERS:
                raise NotFound
            actor.require(PAY_BILLS)

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file under the name that the partner gave it."""
        ticket = queries.get_ticket(self.actor, kwargs["pk"])
        return open_private(ticket.certificate.name), ticket.certificate_name
