"""Renewals of several resources at once: renewing, and switching auto-renewal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partner_center import clock
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult, run_each
from partner_center.lists.views import NothingChosen
from partner_center.refusals import NotFound, Refusal

from ..forms.resources import DurationForm
from ..permissions import BUY
from ..queries import mine
from ..refusals.buying import NoCommonTerm
from ..services import auto_renewal, renewing
from .console import ConsolePage

#: So many are renewed in one dialog, which names each of them.
MOST_RENEWALS = 100


class Renew(BatchAction):
    """Renew the ticked resources, each in an order of its own (API B.23)."""

    name = "renew"
    label = gettext_lazy("Renew")
    permission = BUY
    icon = "calendar"
    most_rows = MOST_RENEWALS

    def ask(self, request: HttpRequest, actor: Actor, ids: list[Any]) -> HttpResponse:
        """Ask for how long."""
        chosen = mine.chosen_renewals(actor, ids)
        try:
            return _ask(request, chosen, _form(chosen))
        except NoCommonTerm as refusal:
            return _ask(request, chosen, Form(), refusal=refusal, status=refusal.status)


class SwitchOn(BatchAction):
    """Switch auto-renewal of the ticked resources on (API B.25)."""

    name = "auto-renew"
    label = gettext_lazy("Switch Auto-renewal On")
    permission = BUY
    icon = "refresh"
    confirmation = gettext_lazy(
        "Each is renewed by itself, without limit, for the period of its last order, before it "
        "expires. You are told when that fails."
    )

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """Each by itself."""
        return run_each(
            mine.chosen_renewals(actor, ids),
            lambda row: auto_renewal.switch_on(actor, row.pk),
            _("Renewed by itself"),
        )


class SwitchOff(BatchAction):
    """Switch auto-renewal of the ticked resources off (API B.26)."""

    name = "auto-renew-off"
    label = gettext_lazy("Switch Auto-renewal Off")
    permission = BUY
    icon = "ban"
    confirmation = gettext_lazy("These resources expire at the end of their terms.")

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """Each by itself."""
        return run_each(
            mine.chosen_renewals(actor, ids),
            lambda row: auto_renewal.switch_off(actor, row.pk),
            _("Not renewed by itself"),
        )


class RenewChosenView(ConsolePage):
    """The dialog of :class:`Renew`: how long, and what became of each resource."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Order the renewals, one transaction for each."""
        chosen = mine.chosen_renewals(self.actor, _keys(request.POST.getlist("ids")))
        form = _form(chosen, request.POST)
        if not form.is_valid():
            return _ask(request, chosen, form, status=422)
        period, count = form.chosen()
        return self._answer_rows(
            run_each(
                chosen,
                lambda row: renewing.order_renewal(self.actor, row.pk, period, count),
                _("Ordered"),
            )
        )

    def _answer_rows(self, results: list[RowResult]) -> HttpResponseBase:
        """My Orders when every order waits to be paid; else row by row."""
        done = sum(result.done for result in results)
        unpaid = f"{reverse('console:orders')}?status=pending"
        if done == len(results):
            words = ngettext(
                "%(count)d order waits to be paid.", "%(count)d orders wait to be paid.", done
            )
            messages.success(self.request, words % {"count": done})
            return redirect(unpaid)
        context = {
            "title": _("Renew"),
            "results": results,
            "done": done,
            "refused": len(results) - done,
            "orders_url": unpaid,
            "cancel_url": reverse("console:renewals"),
        }
        status = 200 if done else 422
        return render(self.request, "orders/console/renewed.html", context, status=status)


def _keys(values: list[str]) -> list[int]:
    """The keys of a request. Raises NothingChosen, and NotFound for anything that is no key."""
    if not values:
        raise NothingChosen
    chosen = values[:MOST_RENEWALS]
    if not all(value.isdecimal() and len(value) < 19 for value in chosen):
        raise NotFound
    return [int(value) for value in chosen]


def _form(chosen: Sequence[Any], *data: Any) -> DurationForm:
    """The terms that all can be renewed for. Raises NoCommonTerm."""
    durations = mine.renewal_terms_of(chosen, clock.now())
    if not durations:
        raise NoCommonTerm
    return DurationForm(*data, durations=durations)


def _ask(
    request: HttpRequest,
    chosen: Sequence[Any],
    form: Form,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": _("Renew resources"),
        "form": form,
        "refusal": refusal,
        "chosen": chosen,
        "submit_label": _("Order"),
        "form_action": reverse("console:renew-chosen"),
        "cancel_url": reverse("console:renewals"),
    }
    return render(request, "orders/console/renew_chosen.html", context, status=status)
