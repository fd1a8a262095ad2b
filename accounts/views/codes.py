"""Pages that ask for a verification code: the base of code forms, Send again of the code page."""

from __future__ import annotations

from abc import abstractmethod
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from partner_center import code_page
from partner_center.critical import CodePrompt
from partner_center.forms.code import CodeForm
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..adapters import CODE_MINUTES, throttle
from ..permissions import OWN_PROFILE

#: What the Get code button says to renew its part of the form only; without htmx it says nothing.
PART, CODE_ENTRY = "part", "code-entry"


class SendCodeView(PortalView):
    """Send again, or by the other way, on the code page of any critical operation (08-AXO-07)."""

    permission = OWN_PROFILE

    def post(self, request: HttpRequest) -> HttpResponse:
        """The code page again, with all it carried."""
        return code_page.send_again(request)


class FormPage(PortalView):
    """A page with one form: ``act`` calls the service and gives the answer."""

    form_class: ClassVar[Any]
    template_name: ClassVar[str]

    def build(self, data: Any = None) -> Any:
        """The form, bound to ``data`` when something was posted."""
        return self.form_class(data, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        """What stands in the empty form."""
        return {}

    def page_context(self, form: Any) -> dict[str, Any]:
        """Further context of the page."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The empty form."""
        return self.show(self.build())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Act, or show the form again with what was refused."""
        form = self.build(request.POST)
        if not form.is_valid():
            return self.show(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            return self.act(form)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.show(form, refusal.status)

    @abstractmethod
    def act(self, form: Any) -> HttpResponseBase:
        """Call the service and answer."""

    def show(self, form: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        """The page with this form."""
        context = {"form": form, **self.page_context(form)}
        return render(self.request, self.template_name, context, status=status)


class CodeFormPage(FormPage):
    """A form with a verification code: Get code sends one and shows the form again, OK acts."""

    form_class: ClassVar[type[CodeForm]]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send a code, or act with the one that was entered."""
        if "get_code" not in request.POST:
            return super().post(request, **kwargs)
        form = self.build(request.POST)
        target = form.target()
        if target is None:
            return self.show_entry(form, None)
        try:
            throttle(request, "send_code_address", minutes=CODE_MINUTES)
            throttle(request, "send_code", key=self.throttle_key(target), minutes=CODE_MINUTES)
            self.send(form, target)
        except Refusal as refusal:
            return self.show_entry(form, refusal)
        return self.show_entry(form, None)

    def throttle_key(self, target: str) -> str:
        """What the hourly limit of codes counts: the address, or the user who asks."""
        return target or f"user-{self.request.actor.user_id}"

    @abstractmethod
    def send(self, form: Any, target: str) -> None:
        """Call the service that sends the code."""

    @abstractmethod
    def prompt(self, form: Any) -> CodePrompt:
        """Where the live code went."""

    def show(
        self, form: Any, status: int = HTTPStatus.OK, trouble: Refusal | None = None
    ) -> HttpResponse:
        """The page, with where the last code went."""
        context = {
            "form": form,
            "prompt": self.prompt(form),
            "trouble": trouble,
            "entry_only": self._entry_only(),
            **self.page_context(form),
        }
        return render(self.request, self.template_for_request(), context, status=status)

    def show_entry(self, form: Any, trouble: Refusal | None) -> HttpResponse:
        """After Get code: the whole page, or its code entry alone for a fragment request."""
        refused = bool(form.errors) or trouble is not None
        return self.show(form, 422 if refused else 200, trouble)

    def template_for_request(self) -> str:
        """The fragment when only the code entry is asked for."""
        return "portal/parts/code_entry.html" if self._entry_only() else self.template_name

    def _entry_only(self) -> bool:
        return self.request.POST.get(PART) == CODE_ENTRY
