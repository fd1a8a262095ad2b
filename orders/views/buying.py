"""All Products, product, configuration, confirmation (08 §10.5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.queries import guard
from partner_center import clock
from partner_center.refusals import Refusal
from partner_center.views import add_refusal
from resources.queries import projects

from ..forms.buying import AgreeForm, ConfigureForm
from ..queries import baskets, offers
from ..services import purchasing
from ..tables.console import restriction_context
from .console import ConsolePage


class AllProductsView(ConsolePage):
    """All Products: categories and what they hold."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The shelves; ``category`` shows one of them."""
        shelves = offers.shelves(self.actor)
        wanted = request.GET.get("category", "")
        every = [("", _("All"))] + [(shelf.category, shelf.category) for shelf in shelves]
        context = {
            "title": _("All Products"),
            "shelves": [s for s in shelves if wanted in ("", s.category)] or shelves,
            "sections": [
                {
                    "label": label,
                    "url": f"?category={key}" if key else request.path,
                    "current": key == wanted,
                    "count": None,
                }
                for key, label in every
            ],
            **restriction_context(request, self.actor),
        }
        return render(request, "orders/console/products.html", context)


class ProductView(ConsolePage):
    """One product: what it is, and Buy."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Its overview, and the prices of the billing mode that is looked at."""
        moment = clock.now()
        offer = offers.offer(self.actor, code, request.GET.dict(), moment)
        context = {
            "title": offer.service.name,
            "offer": offer,
            "prices": offers.prices(offer, self.actor, moment),
            "sections": [
                {
                    "label": label,
                    "url": f"?region={offer.region.pk}&mode={mode}",
                    "current": mode == offer.mode,
                    "count": None,
                }
                for mode, label in offer.modes
            ],
            "crumbs": [(offer.service.name, "")],
        }
        return render(request, "orders/console/product.html", context)


class _Configured(ConsolePage):
    """A step of buying: what the address says is chosen."""

    @cached_property
    def form(self) -> ConfigureForm:
        """The configuration, bound to what the address holds."""
        code = self.kwargs["code"]
        offer = offers.offer(self.actor, code, self.request.GET.dict(), clock.now())
        return ConfigureForm(offer, projects=projects.choices_of(self.actor.account_id))

    def priced(self) -> baskets.PricedLine | None:
        """The chosen product with its price; what is wrong stands in the form."""
        if not self.form.is_valid():
            return None
        try:
            (line,) = baskets.priced(self.form.basket(), clock.now(), self.actor.account_id)
        except Refusal as refusal:
            add_refusal(self.form, refusal)
            return None
        return line

    def configure(self, line: baskets.PricedLine | None, *, status: int = 200) -> HttpResponse:
        """The configuration page, or what changes of it for HTMX."""
        name = self.form.offer.service.name
        context = {
            "title": _("Buy %(product)s") % {"product": name},
            "form": self.form,
            "offer": self.form.offer,
            "line": line,
            "refusal": self._refusal(line),
            "crumbs": [*_crumbs(self.form.offer), (_("Buy"), "")],
        }
        whole = "orders/console/configure.html"
        part = "orders/console/parts/configure.html"
        return render(self.request, part if self._is_fragment else whole, context, status=status)

    @property
    def _is_fragment(self) -> bool:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    def _refusal(self, line: baskets.PricedLine | None) -> Refusal | None:
        """Why this cannot be bought now, before anybody fills a form in vain."""
        if line is None:
            return None
        operation = guard.Operation.BUY_USAGE if line.is_usage else purchasing.buying([line])
        return guard.refusal_for(self.actor.account_id, operation, price=line.amount)


class ConfigureView(_Configured):
    """The configuration page with its live price (08-BUY-02)."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The form; HTMX asks for it again after every change."""
        return self.configure(self.priced())


class ConfirmView(_Configured):
    """The confirmation: what is bought, the agreement, Submit (08-BUY-03, BUY-04)."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The table; back to the form when something in it is wrong."""
        if (line := self.priced()) is None:
            return self.configure(None, status=422)
        return self._confirm(line, AgreeForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Place the order, or provision what is paid by use."""
        if (line := self.priced()) is None:
            return self.configure(None, status=422)
        form = AgreeForm(request.POST)
        form.is_valid()
        basket, agrees = self.form.basket(), bool(form.cleaned_data.get("agrees"))
        try:
            if line.is_usage:
                return self._provisioned(
                    len(purchasing.provision(self.actor, basket, agrees=agrees))
                )
            order = purchasing.place(self.actor, basket, agrees=agrees)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._confirm(line, form, status=422)
        return redirect("console:pay", pk=order.pk)

    def _provisioned(self, count: int) -> HttpResponseBase:
        words = ngettext(
            "%(count)s resource is running.", "%(count)s resources are running.", count
        )
        messages.success(self.request, words % {"count": count})
        return redirect(f"{reverse('console:resources')}?view=usage")

    def _confirm(
        self, line: baskets.PricedLine, form: AgreeForm, *, status: int = 200
    ) -> HttpResponse:
        query, code = self.request.GET.urlencode(), self.kwargs["code"]
        context: dict[str, Any] = {
            "title": _("Confirm"),
            "form": form,
            "line": line,
            "offer": self.form.offer,
            "duration": self._duration(line),
            "configuration": self.form.configuration(),
            "project": line.project or projects.DEFAULT_NAME,
            "previous_url": f"{reverse('console:buy', args=[code])}?{query}",
            "crumbs": [*_crumbs(self.form.offer), (_("Confirm"), "")],
        }
        return render(self.request, "orders/console/confirm.html", context, status=status)

    @staticmethod
    def _duration(line: baskets.PricedLine) -> str:
        """In words; empty when it is paid by use."""
        period, count = baskets.term_of(line.product, line.wanted)
        return offers.duration_words(period, count) if period else ""


def _crumbs(offer: offers.Offer) -> list[tuple[str, str]]:
    name, code = offer.service.name, offer.service.code
    return [(name, reverse("console:product", args=[code]))]
