"""What the customer's page and the partner's have in common: choose a certificate, fill in, send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from .. import rules
from ..choices import Identity
from ..forms import FORMS, ApplicationForm
from ..queries.applications import State
from ..services.applying import Details


class ApplicationPage(PortalView):
    """Apply for an account: first the certificate (in the address), then the form."""

    def state(self) -> State:
        """Where the account stands. Raises NotFound."""
        raise NotImplementedError

    def send(self, details: Details, scans: Sequence[File]) -> None:
        """Call the service."""
        raise NotImplementedError

    def back_url(self) -> str:
        """The page of the account's authentication."""
        raise NotImplementedError

    def words(self) -> dict[str, Any]:
        """What else the templates say."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The choice, or the form of what was chosen."""
        state = self.state()
        if not state.may_apply:
            return redirect(self.back_url())
        if (form := self._form(state)) is None:
            return self._choose(state)
        return self._show(form)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send the application."""
        state = self.state()
        form = self._form(state, request.POST, request.FILES)
        if form is None:
            return self._choose(state, status=422)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            self.send(form.details, form.scans)
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            add_refusal(form, refusal)
            return self._show(form, status=refusal.status)
        messages.success(request, _("Application sent. You are told when it was reviewed."))
        return redirect(self.back_url())

    def _form(self, state: State, *data: Any) -> ApplicationForm | None:
        """The form of the certificate that the address names; None when it names none."""
        asked = self.request.GET
        for identity, certificates in _choices(state):
            for value, _label in certificates:
                if (asked.get("identity"), asked.get("certificate")) == (
                    str(int(identity)),
                    str(value),
                ):
                    form = FORMS[identity]
                    return form(*data, certificate=value, is_change=state.may_change)
        return None

    def _choose(self, state: State, status: int = 200) -> HttpResponse:
        context = {
            "title": _title(state.may_change),
            "state": state,
            "kinds": _choices(state),
            "back_url": self.back_url(),
            **self.words(),
        }
        return render(self.request, "realname/choose.html", context, status=status)

    def _show(self, form: ApplicationForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _title(form.is_change),
            "form": form,
            "certificate": rules.certificate_label(form.identity, form.certificate),
            "submit_label": _("Submit"),
            "cancel_url": self.back_url(),
            **self.words(),
        }
        return render(self.request, "realname/apply.html", context, status=status)


def _title(is_change: bool) -> str:
    return _("Change to Enterprise") if is_change else _("Apply for Real-Name Authentication")


def _choices(state: State) -> list[tuple[Identity, Sequence[tuple[int, str]]]]:
    """Who can be authenticated, with which certificates; a change is to an enterprise only."""
    found = [Identity.ENTERPRISE] if state.may_change else list(Identity)
    return [(identity, rules.certificates_of(identity)) for identity in found]
