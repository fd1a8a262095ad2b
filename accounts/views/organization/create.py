"""Create User, in three steps (02-USR-01 to USR-06).

What was entered waits in the session between the steps, so that Previous and Change lose nothing; of
the password only its hash waits there.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.masking import mask_email
from partner_center.refusals import Refusal
from partner_center.stale import fingerprint, refuse_stale

from ... import rules
from ...choices import SystemRole
from ...forms import organization as forms
from ...permissions import MANAGE_MEMBERS
from ...queries import members as queries
from ...queries import roles as role_queries
from ...refusals import EmailTaken, UsernameTaken
from ...services import members as services
from .base import OrganizationView
from .role_table import show_role_table

_KEY = "create_user"
STEPS = (
    gettext_lazy("Specify User Information"),
    gettext_lazy("Assign Role"),
    gettext_lazy("Finish"),
)
_TAKEN = {"username": UsernameTaken, "email": EmailTaken}


def _steps(now: int) -> list[tuple[str, str, str]]:
    states = ["done"] * now + ["now"] + ["later"] * (len(STEPS) - now - 1)
    return [(str(word), state, "") for word, state in zip(STEPS, states, strict=True)]


class _Draft:
    """What the session keeps of a user that is being created."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        kept = self._session.get(_KEY, {})
        self.values: dict[str, str] = kept.get("values", {})
        self.password_hash: str = kept.get("password_hash", "")
        self.roles: list[int] = kept.get("roles", [])
        self.director: int | None = kept.get("director")

    @property
    def is_complete(self) -> bool:
        """Whether step 1 is done."""
        return bool(self.values and self.password_hash)

    @property
    def seen(self) -> str:
        """Fingerprint of step 1: a second browser tab makes the first one stale."""
        return fingerprint({**self.values, "password": self.password_hash})

    def save(self) -> None:
        self._session[_KEY] = {
            "values": self.values,
            "password_hash": self.password_hash,
            "roles": self.roles,
            "director": self.director,
        }

    def clear(self) -> None:
        self._session.pop(_KEY, None)


class CreateUserView(OrganizationView):
    """Step 1: Specify User Information."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Create User")
    template_name = "accounts/organization/create_information.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, with what was entered before."""
        draft = _Draft(request)
        if "new" in request.GET:
            draft.clear()
            return redirect("organization:create")  # type: ignore[return-value]
        return self._show(self._form(draft), draft)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Keep what was entered and go on, when all of it is valid (02-USR-02)."""
        draft = _Draft(request)
        form = self._form(draft, request.POST)
        valid = form.is_valid()
        self._keep_password(draft, form)
        if not (valid and self._is_free(form)):
            return self._show(form, draft, status=422)
        draft.values = {"username": form.cleaned_data["username"], **vars(form.details)}
        draft.save()
        return redirect("organization:create-roles")

    def _form(self, draft: _Draft, data: Any = None) -> forms.CreateUserForm:
        return forms.CreateUserForm(
            data,
            initial=draft.values,
            has_password=bool(draft.password_hash),
            region=self.region,
        )

    def _keep_password(self, draft: _Draft, form: forms.CreateUserForm) -> None:
        """A valid password survives errors in other fields, because no page prints it again."""
        typed = form.cleaned_data.get("password")
        if typed and form.cleaned_data.get("confirm_password") == typed:
            draft.password_hash = make_password(typed)
            draft.save()
            form.keep_password()

    def _is_free(self, form: forms.CreateUserForm) -> bool:
        given = {name: form.cleaned_data[name] for name in _TAKEN}
        found = queries.taken(self.actor, **given)
        for name in found:
            form.add_error(name, _TAKEN[name]().sentence)
        return not found

    def _show(
        self, form: forms.CreateUserForm, draft: _Draft, *, status: int = 200
    ) -> HttpResponse:
        return self.show(
            form=form,
            steps=_steps(0),
            continued=bool(draft.values) and self.request.method == "GET",
            crumbs=[(_("Create User"), "")],
            status=status,
        )


class CreateUserRolesView(OrganizationView):
    """Step 2: Assign Role. OK creates the user (02-USR-04 to USR-06)."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Create User")
    template_name = "accounts/organization/create_roles.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the roles, or go back to step 1 when it is not done."""
        draft = _Draft(request)
        if not draft.is_complete:
            return redirect("organization:create")
        return self._show(self._form(draft), draft)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Go back, show the table anew, or create."""
        draft = _Draft(request)
        if not draft.is_complete:
            return redirect("organization:create")
        form = self._form(draft, request.POST)
        if not form.is_valid():
            return self._show(form, draft, status=422)
        draft.roles = [role.pk for role in form.chosen]
        draft.director = form.director_id
        draft.save()
        if "previous" in request.POST:
            return redirect("organization:create")
        if "preview" in request.POST:
            return self._show(form, draft)
        return self._create(form, draft)

    def _create(self, form: forms.RoleChoiceForm, draft: _Draft) -> HttpResponseBase:
        refuse_stale(form.cleaned_data["seen"], draft.seen)
        values = dict(draft.values)
        try:
            user = services.create_member(
                self.actor,
                username=values.pop("username"),
                password_hash=draft.password_hash,
                details=services.MemberDetails(**values),
                role_ids=draft.roles,
                director_id=draft.director if _is_manager(form) else None,
            )
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(form, draft))
        draft.clear()
        return redirect("organization:created", pk=user.pk)

    def _form(self, draft: _Draft, data: Any = None) -> forms.RoleChoiceForm:
        return forms.RoleChoiceForm(
            data,
            initial={"roles": draft.roles, "director": draft.director, "seen": draft.seen},
            roles=role_queries.list_roles(self.actor),
            directors=queries.holders(self.actor, SystemRole.DIRECTOR),
        )

    def _show(
        self, form: forms.RoleChoiceForm, draft: _Draft, *, status: int = 200
    ) -> HttpResponse:
        context = self._context(form, draft)
        if "preview" in self.request.POST and self.request.htmx:  # type: ignore[attr-defined]
            return show_role_table(self.request, context)
        return self.show(status=status, **context)

    def _context(self, form: forms.RoleChoiceForm, draft: _Draft) -> dict[str, Any]:
        return {
            "form": form,
            "draft": draft.values,
            "masked_email": mask_email(draft.values["email"]),
            "rows": role_queries.role_rows(form.fields["roles"].queryset, form.chosen),
            "is_manager": _is_manager(form),
            "sees_all": rules.sees_all_customers([role.system_code for role in form.chosen]),
            "steps": _steps(1),
            "cancel_url": reverse("organization:members"),
            "crumbs": [(_("Create User"), "")],
        }


def _is_manager(form: forms.RoleChoiceForm) -> bool:
    return SystemRole.MANAGER in {role.system_code for role in form.chosen}


class CreatedView(OrganizationView):
    """Step 3: Finish. Says what the administrator gives out, but never the password."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Create User")
    template_name = "accounts/organization/created.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the success step."""
        member = queries.get_member(self.actor, pk)
        return self.show(
            member=member,
            roles=queries.roles_of(member),
            steps=[(word, "done", "") for word, _state, _url in _steps(2)],
            sign_in_url=request.build_absolute_uri(reverse("accounts:member-sign-in")),
            crumbs=[(_("Create User"), "")],
        )
