"""What the pages of a partner's money share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..permissions import PAY_BILLS

PARTNERS = frozenset({Audience.PARTNER})


class FundsView(PortalView):
    """A page or dialog of Payment Methods and Repay; ``back`` names the page it belongs to."""

    permission = PAY_BILLS
    audiences = PARTNERS
    title: ClassVar[str | Promise] = ""
    back: ClassVar[str] = "billing:payment-methods"
    template_name: ClassVar[str]

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page."""
        shown = {"title": self.title, "cancel_url": reverse(self.back)}
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
        return redirect(to or self.back)
