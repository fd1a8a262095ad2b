"""What the pages of Member Management share: who sees them, their tabs, how they are shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ...permissions import VIEW_MEMBERS
from ...queries import members as member_queries

#: Customers never see the Organization menu (02, introduction).
AUDIENCES = frozenset({Audience.PARTNER, Audience.OPERATOR})


def section_tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs Users, Roles, Customer Contacts with their counts; contacts for partners only."""
    counts = member_queries.tab_counts(actor)
    tabs = [
        ("members", _("Users"), counts.members),
        ("roles", _("Roles"), counts.roles),
        ("contacts", _("Customer Contacts"), counts.contacts),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"organization:{name}"),
            "current": name == current,
            "count": count,
        }
        for name, label, count in tabs
        if name != "contacts" or actor.audience == Audience.PARTNER
    ]


class OrganizationView(PortalView):
    """A page of Member Management. ``section`` is the tab it belongs to."""

    permission = VIEW_MEMBERS
    audiences = AUDIENCES
    section: ClassVar[str] = "members"
    title: ClassVar[str | Promise] = ""
    template_name: ClassVar[str]

    def show(self, *, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """Render the page."""
        shown = {"title": self.title, "cancel_url": self.section_url}
        return render(self.request, template or self.template_name, shown | context, status=status)

    def refused(self, form: Form, refusal: Refusal, /, **context: Any) -> HttpResponse:
        """The same form with the refusal in it; nothing typed is lost. Stale pages get their own."""
        if refusal.status in (404, 409):
            raise refusal
        add_refusal(form, refusal)
        return self.show(status=422, **{**context, "form": form})

    def done(self, message: str, to: str = "", **kwargs: Any) -> HttpResponseBase:
        """Go to a page (the section's list when none is named), with a word on what was done."""
        messages.success(self.request, message)
        return redirect(to or f"organization:{self.section}", **kwargs)

    @property
    def section_url(self) -> str:
        """Address of the tab."""
        return reverse(f"organization:{self.section}")

    @property
    def region(self) -> str:
        """Country of the account: what phone fields begin with."""
        return str(self.request.user.account.country)  # type: ignore[union-attr]
