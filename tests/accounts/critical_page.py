"""A page with a critical operation, as any app could have one, and its addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import include, path

import audit.services
from accounts.models import Account
from accounts.permissions import OWN_PROFILE
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

OPERATION = "accounts.sample"


@critical_operation(OPERATION, "Set the website")
def set_website(actor: Actor, *, website: str) -> None:
    """Change something that the tests can see."""
    if "forbidden" in website:
        raise Refusal("This website is forbidden.", field="website")
    Account.objects.filter(pk=actor.account_id).update(website=website)
    audit.services.record(actor, "accounts.sample.done")


@critical_operation("accounts.sample_always", "Set the website, always with a code", always=True)
def set_website_with_code(actor: Actor, *, website: str) -> None:
    """As above, but it asks even while Verify It's You is off."""
    Account.objects.filter(pk=actor.account_id).update(website=website)


class WebsiteForm(forms.Form):
    website = forms.CharField()
    notes = forms.CharField(required=False, widget=forms.Textarea)
    picture = forms.FileField(required=False)


class WebsiteView(PortalView):
    """Bind, call, redirect: nothing here knows of codes."""

    permission = OWN_PROFILE

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("the form")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = WebsiteForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form)
        try:
            set_website(self.actor, website=form.cleaned_data["website"])
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        return redirect("/done")

    def _show(self, form: Any) -> HttpResponse:
        context = {"form": form, "title": "Website"}
        return render(self.request, "portal/form.html", context, status=422)


urlpatterns = [
    path("sample", WebsiteView.as_view(), name="sample"),
    path("", include("partner_center.urls")),
]
