"""Manage account managers, at the account director (02 S-05)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.refusals import NotFound, Refusal

from ...choices import SystemRole
from ...forms import organization as forms
from ...models import User
from ...permissions import MANAGE_MEMBERS
from ...queries import members as queries
from ...services import directors as services
from .base import OrganizationView


class TeamView(OrganizationView):
    """The account managers of one director, ticked among all of the partner."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Manage Account Managers")
    template_name = "accounts/organization/team.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        director = self._director(pk)
        form = self._form(director)
        return self.show(form=form, **self._context(director, form))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save the team."""
        director = self._director(pk)
        form = self._form(director, request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422, **self._context(director, form))
        try:
            services.manage_managers(
                self.actor,
                pk,
                manager_ids=[manager.pk for manager in form.cleaned_data["managers"]],
                seen=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(director, form))
        return self.done(
            _("Account managers of %(name)s saved.") % {"name": director},
            to="organization:member",
            pk=pk,
        )

    def _director(self, pk: int) -> User:
        member = queries.get_member(self.actor, pk)
        if SystemRole.DIRECTOR not in {role.system_code for role in queries.roles_of(member)}:
            raise NotFound
        return member

    def _form(self, director: User, data: Any = None) -> forms.TeamForm:
        team = [manager.pk for manager in queries.managers_of(director)]
        return forms.TeamForm(
            data,
            initial={"managers": team, "seen": queries.seen_team(director)},
            managers=queries.managers_with_directors(self.actor),
        )

    def _context(self, director: User, form: forms.TeamForm) -> dict[str, Any]:
        address = reverse("organization:member", args=[director.pk])
        return {
            "director": director,
            "chosen": [str(pk) for pk in form["managers"].value() or []],
            "cancel_url": address,
            "crumbs": [(str(director), address), (_("Account managers"), "")],
        }
