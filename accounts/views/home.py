"""Home, one page per kind of account, and the user's own theme."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

import customers.queries.associations
from budgets.queries import guard, own
from metering.permissions import VIEW_OWN_BILLS
from partner_center import clock, home
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.views import PortalView

from ..choices import Theme
from ..forms.information import ThemeForm
from ..permissions import OWN_PROFILE, VIEW_HOME
from ..services import preferences


class HomeView(PortalView):
    """The dashboard: what waits, then the figures, each a link."""

    permission = VIEW_HOME

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page of the actor's kind of account."""
        moment = clock.now()
        user = request.user
        cards = home.cards_for(self.actor)
        context = {
            "title": _greeting(moment, str(user).split(" ")[0]),
            "moment": moment,
            "account": user.account,
            "cards": cards,
            "leading": [card for card in cards if card.leads],
            "following": [card for card in cards if not card.leads],
            "todos": home.todos_for(self.actor),
        }
        if self.actor.audience == Audience.CUSTOMER:
            found = customers.queries.associations.my_partner(self.actor)
            context |= {"found": found, "frozen": found and guard.frozen_of(found.association)}
            if found and self.actor.can(VIEW_OWN_BILLS):
                context["limit"] = own.limit_in(found.association, moment)
        return render(request, f"home/{self.actor.audience}.html", context)


class ThemeView(PortalView):
    """The user's own colours."""

    permission = OWN_PROFILE

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Store the choice and go back to where it was made."""
        form = ThemeForm(request.POST)
        if not form.is_valid():
            raise NotFound
        preferences.set_theme(self.actor, theme=Theme(form.cleaned_data["theme"]))
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        back = request.POST.get("next", "")
        ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if ours else "home")


def _greeting(moment: datetime, name: str) -> str:
    hour = moment.astimezone(clock.BUSINESS_ZONE).hour
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
