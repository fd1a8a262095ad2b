"""Partner Bills > Payment Methods (05 §8.4.1.7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts.queries import information
from partner_center import clock
from partner_center.lists.views import PortalListView
from partner_center.refusals import NotFound, Refusal

from ..choices import CardState
from ..filters.funds import CardFilterSet
from ..forms.funds import CardForm, PeriodForm
from ..models import Card
from ..permissions import PAY_BILLS
from ..queries import funds as queries
from ..services import cards as services
from ..tables.funds import CardHistoryTable
from .funds_base import PARTNERS, FundsView, address
from .tabs import tabs

#: Countries whose partners say who the holder of a card is (05-PMT-06).
ASKS_FOR_ID = ("CL",)
#: Never in a report of a fault.
hides_card = method_decorator(sensitive_post_parameters("number", "code", "id_number"), "dispatch")


class PaymentMethodsView(FundsView):
    """The partner's cards."""

    title = gettext_lazy("Partner Bills")
    template_name = "billing/funds/payment_methods.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the cards, and whether one can be added."""
        cards = queries.cards_of(self.actor)
        context = {
            "cards": cards,
            "tabs": tabs("billing:payment-methods"),
            "has_currency": queries.has_currency(self.actor.account_id),
            "not_offered": _why_not(self),
            "crumbs": [(_("Payment Methods"), "")],
        }
        return self.show(**context)


@hides_card
class AddCardView(FundsView):
    """Dialog Add Card (05-PMT-04)."""

    title = gettext_lazy("Add Card")
    template_name = "billing/funds/card_add.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form; without a currency the hint where to set it (PMT-03)."""
        queries.cards_of(self.actor)
        document = queries.agreement(clock.now())
        return self._show(self._form(initial={"agreed_version": document.version}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Add it and go on to the verification, or to View History with the reason (PMT-09)."""
        queries.cards_of(self.actor)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            card = services.add(self.actor, form.card, form.new)
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context())
        return _after(self.request, card)

    def _form(self, data: Any = None, **more: Any) -> CardForm:
        document = queries.agreement(clock.now())
        in_chile = information.account_of(self.actor).country in ASKS_FOR_ID
        return CardForm(data, in_chile=in_chile, title=document.title, **more)

    def _context(self) -> dict[str, Any]:
        return {"has_currency": queries.has_currency(self.actor.account_id)}

    def _show(self, form: CardForm, status: int = 200) -> HttpResponse:
        return self.show(form=form, status=status, **self._context())


class VerifyCardView(FundsView):
    """The step between OK and a valid card: the issuer asks its holder (05-PMT-07)."""

    title = gettext_lazy("Verify Your Identity")
    template_name = "billing/funds/card_verify.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The sandbox's own question, or the way to the issuer's."""
        card = queries.get_card(self.actor, pk)
        if card.state != CardState.VERIFYING or not card.verification:
            return _after(self.request, card)
        challenge = services.challenge_of(self.actor, pk)
        return self.show(card=card, challenge=challenge, own_page=services.is_sandbox())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What the holder answered in the sandbox; then what the gateway knows."""
        answer = request.POST.get("answer", "")
        if answer in ("confirm", "refuse"):
            services.answer_sandbox(self.actor, pk, confirmed=answer == "confirm")
        card = services.go_on(self.actor, pk)
        if card.state == CardState.VERIFYING and not _is_decided(card):
            messages.info(self.request, _("Your card is not verified yet. Answer your bank first."))
            return redirect(self.address("billing:card-verify", pk))
        return _after(self.request, card)


class SetDefaultView(FundsView):
    """Operation > Set as Default (05-PMT-11)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it."""
        card = services.set_default(self.actor, pk)
        return self.done(_("%(card)s is the default card.") % {"card": _name(card)})


@hides_card
class EditCardView(FundsView):
    """Operation > Edit: validity period and security code only (05-PMT-12)."""

    title = gettext_lazy("Edit Card")
    verb = gettext_lazy("Save")
    template_name = "billing/funds/card_edit.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The present period; a code is never known."""
        card = queries.get_card(self.actor, pk)
        period = f"{card.expires_month:02d}/{card.expires_year % 100:02d}"
        return self.show(form=PeriodForm(initial={"expires": period}), card=card)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Change it; another period is proved by a new test charge."""
        card = queries.get_card(self.actor, pk)
        form = PeriodForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, card=card, status=422)
        try:
            card = services.change(self.actor, pk, form.details(holder=card.holder))
        except Refusal as refusal:
            return self.refused(form, refusal, card=card)
        return _after(self.request, card)


class DeleteCardView(FundsView):
    """Operation > Delete (05-PMT-13)."""

    title = gettext_lazy("Delete Card")
    verb = gettext_lazy("OK")
    template_name = "billing/funds/card_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self.show(card=queries.get_card(self.actor, pk), danger=True)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete it."""
        card = queries.get_card(self.actor, pk)
        form = Form(request.POST)
        try:
            services.delete(self.actor, pk)
        except Refusal as refusal:
            form.is_valid()
            return self.refused(form, refusal, card=card, danger=True)
        return self.done(_("%(card)s was deleted.") % {"card": _name(card)})


class CardHistoryView(PortalListView):
    """View History: all cards ever added, with the result (05-PMT-09, PMT-10)."""

    permission = PAY_BILLS
    audiences = PARTNERS
    title = gettext_lazy("Card History")
    list_name = "card_history"
    basis = gettext_lazy("All cards that were ever added; the numbers themselves are not stored.")
    queryset = staticmethod(queries.card_history)
    filterset_class = CardFilterSet
    table_class = CardHistoryTable
    template_name = "billing/funds/card_history.html"
    empty_title = gettext_lazy("No cards yet")
    empty_text = gettext_lazy("Every card that is added stands here, with what became of it.")
    empty_icon = "credit-card"

    def get_extra_context(self) -> dict[str, Any]:
        """Where the page belongs."""
        return {
            "crumbs": [
                (_("Payment Methods"), address(self.request, "billing:payment-methods")),
                (_("Card History"), ""),
            ]
        }


class AgreementView(FundsView):
    """The agreement on binding cards in force (05-PMT-04)."""

    template_name = "billing/funds/agreement.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        document = queries.agreement(clock.now())
        return self.show(title=document.title, document=document, wide=True)


def _why_not(view: FundsView) -> str:
    """Why no card can be used; empty when it can."""
    try:
        queries.refuse_cards(view.actor.account_id, view.actor.partner_kind)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _is_decided(card: Card) -> bool:
    """Whether a verification is through and only the test charge waits for the gateway."""
    return bool(card.tests)


def _after(request: HttpRequest, card: Card) -> HttpResponseBase:
    """Where a card leads: its verification, the cards, or the history with the reason."""
    if card.state == CardState.FAILED:
        words = _("%(card)s could not be used: %(why)s")
        messages.error(request, words % {"card": _name(card), "why": card.result})
        return redirect(address(request, "billing:card-history"))
    if card.state == CardState.VERIFYING and not _is_decided(card):
        return redirect(address(request, "billing:card-verify", card.pk))
    if card.state == CardState.VERIFYING:
        messages.info(request, _("The test charge of your card is being processed."))
    elif card.state == CardState.VALID:
        words = _("%(card)s is valid. The test charge is returned within one week.")
        messages.success(request, words % {"card": _name(card)})
    else:
        raise NotFound
    return redirect(address(request, "billing:payment-methods"))


def _name(card: Card) -> str:
    return _("%(brand)s ending in %(last4)s") % {
        "brand": card.brand or _("Card"),
        "last4": card.last4,
    }
