"""What the pages of a partner's money share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..permissions import PAY_BILLS

PARTNERS = frozenset({Audience.PARTNER})


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of a page of billing, of a partner or under Top-Up of a customer as the request is."""
    match = request.resolver_match
    return reverse(name, args=args, current_app=match.namespace if match else None)


class FundsView(PortalView):
    """A page or dialog of Payment Methods and Repay; ``back`` names the page it belongs to."""

    permission = PAY_BILLS
    audiences = PARTNERS
    title: ClassVar[str | Promise] = ""
    back: ClassVar[str] = "billing:payment-methods"
    #: What the button says; empty: the template's own.
    verb: ClassVar[str | Promise] = ""
    template_name: ClassVar[str]

    def address(self, name: str, *args: Any) -> str:
        """The address of a page of billing where this page stands: a partner's or a customer's."""
        return address(self.request, name, *args)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page."""
        shown = {
            "title": self.title,
            "submit_label": self.verb,
            "cancel_url": self.address(self.back),
        }
        return render(self.request, self.template_name, shown | context, status=status)

    def refused(self, form: Form, refusal: Refusal, /, **context: Any) -> HttpResponse:
        """The same form with the refusal in it. Missing, stale and forbidden get their own pages."""
        if refusal.status in (403, 404, 409):
            raise refusal
        add_refusal(form, refusal)
        return self.show(status=422, form=form, **context)

    def done(self, message: str | Promise, to: str = "") -> HttpResponseBase:
        """Back, with a word on what was done."""
        messages.success(self.request, str(message))
        return redirect(self.address(to or self.back))
