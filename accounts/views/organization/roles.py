"""The tab Roles, and giving roles to a member (02 §3.1.1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import customers.queries.associations
from partner_center import clock
from partner_center.refusals import Refusal

from ... import rules
from ...choices import RoleType, SystemRole
from ...forms import organization as forms
from ...models import Role, User
from ...permissions import MANAGE_MEMBERS, MANAGE_ROLES
from ...queries import members as member_queries
from ...queries import roles as queries
from ...services import members as member_services
from ...services import roles as services
from .base import OrganizationView, section_tabs
from .role_table import show_role_table


class RoleListView(OrganizationView):
    """Member Management > Roles."""

    section = "roles"
    title = gettext_lazy("Member Management")
    template_name = "accounts/organization/roles.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the roles, of one type or all."""
        wanted = request.GET.get("role_type", "")
        return self.show(
            sections=section_tabs(self.actor, "roles"),
            roles=queries.of_type(queries.list_roles(self.actor), wanted),
            role_types=RoleType.choices,
            shown_type=wanted,
            custom_count=queries.custom_role_count(self.actor),
            custom_limit=queries.custom_role_limit(self.actor),
            may_manage=self.actor.can(MANAGE_ROLES),
        )


class RoleView(OrganizationView):
    """View Role Details (02-ROL-11)."""

    section = "roles"
    template_name = "accounts/organization/role.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        role = queries.get_role(self.actor, pk)
        held = queries.held_by_role(role, self.actor.audience)
        return self.show(
            title=_("View Role Details"),
            role=role,
            tree=queries.permission_tree(self.actor, held),
            included=queries.included_labels(self.actor.audience),
            admin_only=queries.admin_only_labels(self.actor.audience),
            is_admin_role=role.system_code == SystemRole.ADMIN,
            may_manage=self.actor.can(MANAGE_ROLES),
            crumbs=[(_("Roles"), self.section_url), (role.name, "")],
        )


class RoleUsersView(OrganizationView):
    """Dialog Users with This Role (02-ROL-10)."""

    section = "roles"
    title = gettext_lazy("Users with This Role")
    template_name = "accounts/organization/role_users.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the dialog."""
        role = queries.get_role(self.actor, pk)
        return self.show(role=role, users=queries.users_with_role(self.actor, role))


class RoleFormView(OrganizationView):
    """The page of Create Custom Role and Modify Role: basic information, then the tree."""

    permission = MANAGE_ROLES
    section = "roles"
    template_name = "accounts/organization/role_form.html"

    def page(
        self, form: forms.RoleForm, role: Role | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page; for HTMX at every tick, its summary alone."""
        context = self.context_of(form, role)
        if "preview" in self.request.POST:
            if self.request.htmx:  # type: ignore[attr-defined]
                part = "accounts/organization/parts/role_summary.html"
                return render(self.request, part, context)
            status = 200
        return self.show(status=status, **context)

    def context_of(self, form: forms.RoleForm, role: Role | None = None) -> dict[str, Any]:
        """What the page and its summary print."""
        before = frozenset(role.permissions) if role else frozenset()
        chosen = rules.with_views(form.chosen, self.actor.audience)
        tree = queries.permission_tree(self.actor, chosen, before)
        ticks = [tick for area in tree for tick in area.ticks]
        return {
            "form": form,
            "role": role,
            "tree": tree,
            "added": [t.permission.label for t in ticks if t.change == "added"],
            "removed": [t.permission.label for t in ticks if t.change == "removed"],
            "chosen_count": sum(t.chosen for t in ticks),
            "included": queries.included_labels(self.actor.audience),
            "admin_only": queries.admin_only_labels(self.actor.audience),
            "custom_count": queries.custom_role_count(self.actor),
            "custom_limit": queries.custom_role_limit(self.actor),
            "users": queries.users_with_role(self.actor, role) if role else (),
            "crumbs": [
                (_("Roles"), self.section_url),
                (role.name if role else _("Create Custom Role"), ""),
            ],
        }

    def form_for(self, data: Any = None, role: Role | None = None) -> forms.RoleForm:
        """The form; permissions that the actor lacks stay as they are in the role."""
        offered = {p.code for p in rules.offered_permissions(self.actor.audience)}
        held = frozenset(role.permissions) if role else frozenset()
        mine = {code for code in offered if self.actor.can(code)}
        initial = {}
        if role:
            initial = {
                "name": role.name,
                "description": role.description,
                "permissions": sorted(held & mine),
                "seen": queries.seen_of(role),
            }
        return forms.RoleForm(data, initial=initial, offered=offered, kept=(held & offered) - mine)


class RoleCreateView(RoleFormView):
    """Create Custom Role (02-ROL-03 to ROL-05)."""

    title = gettext_lazy("Create Custom Role")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self.page(self.form_for())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Create the role."""
        form = self.form_for(request.POST)
        if "preview" in request.POST or not form.is_valid():
            return self.page(form, status=422)
        try:
            role = services.create_role(self.actor, **form.values)
        except Refusal as refusal:
            return self.refused(form, refusal, **self.context_of(form))
        return self.done(_("Role %(name)s created.") % {"name": role.name})


class RoleModifyView(RoleFormView):
    """Modify Role: custom roles only (02-ROL-12)."""

    title = gettext_lazy("Modify Role")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, filled."""
        role = queries.get_custom_role(self.actor, pk)
        return self.page(self.form_for(role=role), role)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save the role."""
        role = queries.get_custom_role(self.actor, pk)
        form = self.form_for(request.POST, role)
        if "preview" in request.POST or not form.is_valid():
            return self.page(form, role, status=422)
        try:
            services.modify_role(self.actor, pk, seen=form.cleaned_data["seen"], **form.values)
        except Refusal as refusal:
            return self.refused(form, refusal, **self.context_of(form, role))
        return self.done(_("Role %(name)s modified.") % {"name": form.cleaned_data["name"]})


class RoleDeleteView(OrganizationView):
    """Delete: custom roles that no user has (02-ROL-13)."""

    permission = MANAGE_ROLES
    section = "roles"
    title = gettext_lazy("Delete Role")
    template_name = "accounts/organization/role_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self.show(form=forms.SeenForm(), role=queries.get_custom_role(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete the role."""
        role, form = queries.get_custom_role(self.actor, pk), forms.SeenForm(request.POST)
        try:
            services.delete_role(self.actor, pk)
        except Refusal as refusal:
            form.is_valid()
            return self.refused(form, refusal, role=role)
        return self.done(_("Role %(name)s deleted.") % {"name": role.name})


@dataclass(frozen=True)
class _Losses:
    """What a change of roles takes away, for the warning (02-ROL-08, S-08)."""

    managers: list[User]
    customers: int

    def __bool__(self) -> bool:
        return bool(self.managers or self.customers)


class AssignRoleView(OrganizationView):
    """Assign Role (02-ROL-09). A change that leaves managers or customers alone asks first."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Assign Role")
    template_name = "accounts/organization/assign_role.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the roles, the member's ticked."""
        member = member_queries.get_member(self.actor, pk)
        return self._show(self._form(member), member)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show the table anew, warn, or assign."""
        member = member_queries.get_member(self.actor, pk)
        form = self._form(member, request.POST)
        if not form.is_valid():
            return self._show(form, member, status=422)
        if "preview" in request.POST:
            return self._show(form, member)
        losses = self._losses(member, form.chosen)
        if losses and "confirmed" not in request.POST:
            return self._confirm(form, member, losses)
        try:
            member_services.assign_roles(
                self.actor,
                pk,
                role_ids=[role.pk for role in form.chosen],
                seen=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(form, member))
        return self.done(_("Roles of %(name)s assigned.") % {"name": member})

    def _form(self, member: User, data: Any = None) -> forms.RoleChoiceForm:
        held = [role.pk for role in member_queries.roles_of(member)]
        return forms.RoleChoiceForm(
            data,
            initial={"roles": held, "seen": member_queries.seen_roles(member)},
            roles=queries.list_roles(self.actor),
        )

    def _losses(self, member: User, after: list[Role]) -> _Losses:
        if rules.refuse_roles([rules.RoleFacts(r.name, r.system_code) for r in after]):
            return _Losses([], 0)
        old = {role.system_code for role in member_queries.roles_of(member)}
        new = {role.system_code for role in after}
        managers = list(member_queries.managers_of(member))
        return _Losses(
            managers if SystemRole.DIRECTOR in old - new else [],
            customers.queries.associations.customers_of(member.pk)
            if rules.loses_customers(old, new)
            else 0,
        )

    def _confirm(self, form: forms.RoleChoiceForm, member: User, losses: _Losses) -> HttpResponse:
        return self.show(
            template="accounts/organization/assign_role_confirm.html",
            form=form,
            member=member,
            before=member_queries.roles_of(member),
            chosen=form.chosen,
            losses=losses,
            counts_until=customers.queries.associations.attributed_until(clock.now()),
            cancel_url=reverse("organization:member-roles", args=[member.pk]),
        )

    def _show(self, form: forms.RoleChoiceForm, member: User, *, status: int = 200) -> HttpResponse:
        context = self._context(form, member)
        if "preview" in self.request.POST and self.request.htmx:  # type: ignore[attr-defined]
            return show_role_table(self.request, context)
        return self.show(status=status, **context)

    def _context(self, form: forms.RoleChoiceForm, member: User) -> dict[str, Any]:
        codes = [role.system_code for role in form.chosen]
        return {
            "form": form,
            "member": member,
            "rows": queries.role_rows(form.fields["roles"].queryset, form.chosen),
            "sees_all": rules.sees_all_customers(codes),
            "cancel_url": self.section_url,
            "crumbs": [
                (str(member), reverse("organization:member", args=[member.pk])),
                (_("Assign Role"), ""),
            ],
        }
