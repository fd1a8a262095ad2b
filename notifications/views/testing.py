"""Send Test: a message to one recipient, or to all of a type of message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from outbox.choices import DeliveryState
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from .. import queries
from ..permissions import MANAGE_SETTINGS
from ..queries import Target
from ..services import testing as services


class _TestView(PortalView):
    """The dialog: where the test goes, and how far the last ones got. ``part`` asks for these only."""

    permission = MANAGE_SETTINGS

    def targets(self) -> list[Target]:
        """Where the test goes."""
        raise NotImplementedError

    def send(self) -> None:
        """Send it."""
        raise NotImplementedError

    def words(self) -> dict[str, Any]:
        """What the dialog says beside that; ``cancel_url`` at least."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The dialog."""
        if "part" in request.GET:
            return render(request, "notifications/parts/tests.html", self._context())
        return self._show(forms.Form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send the test; the dialog stays and shows what becomes of it."""
        form = forms.Form(request.POST)
        try:
            self.send()
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            form.is_valid()
            add_refusal(form, refusal)
            return self._show(form, status=422)
        return self._show(forms.Form())

    def _show(self, form: forms.Form, status: int = 200) -> HttpResponse:
        context = self._context() | {"title": _("Send Test"), "form": form} | self.words()
        return render(self.request, "notifications/test.html", context, status=status)

    def _context(self) -> dict[str, Any]:
        targets = self.targets()
        tests = queries.last_tests(self.actor, targets)
        query = self.request.GET.copy()
        query["part"] = "1"
        return {
            "targets": targets,
            "tests": tests,
            "waits": any(each.delivery.state == DeliveryState.QUEUED for each in tests),
            "part_url": f"{self.request.path}?{urlencode(query)}",
        }


class RecipientTestView(_TestView):
    """To one recipient, by e-mail and SMS."""

    def targets(self) -> list[Target]:
        return queries.targets_of_recipient(self.actor, self.kwargs["pk"])

    def send(self) -> None:
        services.send_to_recipient(self.actor, recipient_id=self.kwargs["pk"])

    def words(self) -> dict[str, Any]:
        return {"cancel_url": reverse("notifications:recipients")}


class TypeTestView(_TestView):
    """To everybody who gets messages of one ``type``, by the ways that are ticked for it."""

    def targets(self) -> list[Target]:
        return queries.targets_of_type(self.actor, self._code)

    def send(self) -> None:
        services.send_to_type(self.actor, code=self._code)

    def words(self) -> dict[str, Any]:
        kind = queries.get_type(self.actor, self._code)
        return {"kind": kind, "cancel_url": reverse("notifications:settings")}

    @property
    def _code(self) -> str:
        return self.request.GET.get("type", "")
