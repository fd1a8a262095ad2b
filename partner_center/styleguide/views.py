"""The style page, and the sample dialog and drawer that it opens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from partner_center import paper
from partner_center.permissions import Audience
from partner_center.views import PortalView

from . import sample_list, samples
from .forms import ReasonForm, SampleForm
from .permissions import VIEW_STYLE

REFUSED = {"account_name": "kp", "budget": "50,000.00", "verification_code": "409117"}


def _row_menu(name: str) -> str:
    return render_to_string("styleguide/row_menu.html", {"name": name})


class StylePage(PortalView):
    """Who may see it: operator staff with the permission."""

    permission = VIEW_STYLE
    audiences = frozenset({Audience.OPERATOR})


class StyleView(StylePage):
    """Every component and state; ``theme`` shows the page's body in light or dark."""

    def get(self, request: HttpRequest) -> HttpResponse:
        refused = SampleForm(REFUSED, auto_id="refused_%s")
        refused.is_valid()
        theme = request.GET.get("theme", "")
        context = {
            **samples.context(reverse("style-drawer")),
            **sample_list.context(reverse("style"), _row_menu),
            "title": "Style",
            "theme": theme if theme in ("light", "dark") else "",
            "form": SampleForm(auto_id="sample_%s"),
            "refused": refused,
        }
        return render(request, "styleguide/page.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The forms of the sample list change nothing."""
        return redirect("style")


class StyleDialogView(StylePage):
    """A dialog that asks for a reason and a code, and then does nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._dialog(request, ReasonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            return redirect("style")
        return self._dialog(request, form, status=422)

    def _dialog(self, request: HttpRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "Freeze Account and Resources",
            "form": form,
            "danger": True,
            "wide": True,
            "submit_label": "Freeze Account and Resources",
            "cancel_url": reverse("style"),
        }
        return render(request, "styleguide/dialog.html", context, status=status)


class StyleDrawerView(StylePage):
    """A drawer that explains an amount."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"title": "Pay-per-use", **samples.context(reverse("style-drawer"))}
        return render(request, "styleguide/drawer.html", context)


class StylePaperView(StylePage):
    """A sample invoice on paper."""

    def get(self, request: HttpRequest) -> HttpResponse:
        pdf = paper.render_pdf("styleguide/paper.html", samples.invoice())
        return HttpResponse(pdf, content_type="application/pdf")
