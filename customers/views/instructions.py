"""My Partner > Agreements, and signing the Instructions (08 §10.7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..filters.instructions import AgreementFilterSet
from ..forms.landing import SignForm
from ..permissions import MANAGE_PARTNER, VIEW_PARTNER
from ..queries import instructions as queries
from ..services import instructions as services
from ..tables.instructions import AgreementTable
from .partner import partner_tabs

AUDIENCES = frozenset({Audience.CUSTOMER})


class AgreementListView(PortalListView):
    """Tab Agreements: what was signed, in which version, when (INS-04)."""

    permission = VIEW_PARTNER
    audiences = AUDIENCES
    title = gettext_lazy("My Partner")
    list_name = "agreements"
    queryset = staticmethod(queries.list_signed)
    filterset_class = AgreementFilterSet
    table_class = AgreementTable
    empty_title = gettext_lazy("Nothing signed yet")
    empty_text = gettext_lazy("The Instructions stand here once your account has signed them.")
    empty_icon = "file-text"
    template_name = "customers/instructions/list.html"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of My Partner."""
        return {"sections": partner_tabs("instructions:agreements")}


class AgreementTextView(PortalView):
    """The exact text that was signed (INS-04, INS-05)."""

    permission = VIEW_PARTNER
    audiences = AUDIENCES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Version, time of signing, text."""
        signed = queries.get_signed(self.actor, pk)
        context = {
            "title": signed.document.title,
            "signed": signed,
            "crumbs": [
                (_("Agreements"), reverse("instructions:agreements")),
                (signed.document.title, ""),
            ],
        }
        return render(request, "customers/instructions/signed.html", context)


class SignView(PortalView):
    """Sign Now: the dialog with the full text (INS-02, INS-03, INS-06)."""

    permission = MANAGE_PARTNER
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """The text in its present version."""
        return self._show(SignForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Sign the version that was shown."""
        form = SignForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            services.sign(self.actor, version=form.cleaned_data["version"])
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=422)
        messages.success(request, _("Agreement signed."))
        return redirect("instructions:agreements")

    def _show(self, form: SignForm, status: int = 200) -> HttpResponse:
        document = queries.instructions()
        context: dict[str, Any] = {
            "title": document.title,
            "document": document,
            "form": form,
            "wide": True,
            "cancel_url": reverse("my_partner:page"),
        }
        return render(self.request, "customers/instructions/sign.html", context, status=status)
