"""The tab Users: the list, one member, and what is done to it (02 §3.1.1.5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import customers.queries.associations
from partner_center import clock
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult, run_each
from partner_center.lists.views import PortalListView
from partner_center.masking import mask_email, mask_phone
from partner_center.refusals import Refusal

from ... import rules
from ...choices import SystemRole, UserStatus
from ...filters import MemberFilterSet
from ...forms import organization as forms
from ...models import User
from ...permissions import EXPORT_MEMBERS, MANAGE_MEMBERS, VIEW_MEMBERS
from ...queries import members as queries
from ...queries import roles as role_queries
from ...services import members as services
from ...tables import MemberTable
from .base import AUDIENCES, OrganizationView, section_tabs


class LockMembers(BatchAction):
    """Lock the ticked members (02-USR-12)."""

    name = "lock"
    label = gettext_lazy("Lock")
    permission = MANAGE_MEMBERS
    icon = "lock"
    confirmation = gettext_lazy(
        "Locked users cannot sign in and lose running sessions. Customers stay assigned."
    )
    is_dangerous = True

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """One transaction per member."""
        rows = queries.list_members(actor).filter(pk__in=ids).order_by("name", "pk")
        return run_each(rows, lambda row: services.lock_member(actor, row.pk), _("Locked"))


class UnlockMembers(BatchAction):
    """Let the ticked members sign in again."""

    name = "unlock"
    label = gettext_lazy("Unlock")
    permission = MANAGE_MEMBERS
    icon = "lock-open"

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """One transaction per member."""
        rows = queries.list_members(actor).filter(pk__in=ids).order_by("name", "pk")
        return run_each(rows, lambda row: services.unlock_member(actor, row.pk), _("Normal"))


class MemberListView(PortalListView):
    """Member Management > Users (02-USR-07 to USR-10)."""

    permission = VIEW_MEMBERS
    audiences = AUDIENCES
    title = gettext_lazy("Member Management")
    list_name = "members"
    queryset = staticmethod(queries.list_members)
    filterset_class = MemberFilterSet
    table_class = MemberTable
    batch_actions = (LockMembers, UnlockMembers)
    export_name = "members"
    export_permission = EXPORT_MEMBERS
    template_name = "accounts/organization/members.html"
    empty_title = gettext_lazy("No users yet")
    empty_text = gettext_lazy(
        "Create a user for everybody who works in the Partner Center, and give each one its roles."
    )
    empty_icon = "users"
    empty_action = (gettext_lazy("Create User"), "organization:create")

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs, and whether Create User is offered."""
        return {
            "sections": section_tabs(self.actor, "members"),
            "may_manage": self.actor.can(MANAGE_MEMBERS),
        }


class MemberView(OrganizationView):
    """Details of one member (02-USR-09). POST shows its phone number or e-mail, once, on record."""

    template_name = "accounts/organization/member.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        return self._page(queries.get_member(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one masked value in full."""
        member = queries.get_member(self.actor, pk)
        field = request.POST.get("field", "")
        value = services.reveal(self.actor, member.pk, field=field)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"member": member, "field": field, "value": value, "shown": True}
            return render(request, "accounts/organization/parts/masked.html", context)
        return self._page(member, revealed=field)

    def _page(self, member: User, revealed: str = "") -> HttpResponse:
        roles = queries.roles_of(member)
        codes = [role.system_code for role in roles]
        return self.show(
            title=str(member),
            member=member,
            roles=roles,
            mobile=member.mobile if revealed == "mobile" else mask_phone(member.mobile),
            email=member.email if revealed == "email" else mask_email(member.email),
            revealed=revealed,
            is_director=SystemRole.DIRECTOR in codes,
            is_manager=SystemRole.MANAGER in codes,
            sees_all=rules.sees_all_customers(codes),
            director=queries.director_of(member),
            managers=queries.managers_of(member),
            customer_count=customers.queries.associations.customers_of(member.pk),
            tree=role_queries.permission_tree(self.actor, queries.permissions_of(member)),
            included=role_queries.included_labels(self.actor.audience),
            may_manage=self.actor.can(MANAGE_MEMBERS),
            crumbs=[(str(member), "")],
        )


class MemberModifyView(OrganizationView):
    """Modify (02-USR-11, USR-12)."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Modify User")
    template_name = "accounts/organization/member_modify.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, filled."""
        member = queries.get_member(self.actor, pk)
        return self._show(member, self._form(member))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save."""
        member = queries.get_member(self.actor, pk)
        form = self._form(member, request.POST)
        if not form.is_valid():
            return self._show(member, form, status=422)
        try:
            services.modify_member(
                self.actor,
                pk,
                details=form.details,
                status=UserStatus(form.cleaned_data["status"]),
                director_id=form.director_id,
                seen=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(member))
        return self.done(_("User information modified."))

    def _form(self, member: User, data: Any = None) -> forms.ModifyUserForm:
        director = queries.director_of(member)
        details = {name: getattr(member, name) for name in queries.DETAIL_FIELDS}
        codes = {role.system_code for role in queries.roles_of(member)}
        return forms.ModifyUserForm(
            data,
            initial={
                **details,
                "status": member.status,
                "director": director,
                "seen": queries.seen_of(member, director.pk if director else None),
            },
            region=self.region,
            directors=queries.holders(self.actor, SystemRole.DIRECTOR),
            is_manager=SystemRole.MANAGER in codes,
            is_own=member.pk == self.actor.user_id,
        )

    def _show(self, member: User, form: forms.ModifyUserForm, *, status: int = 200) -> HttpResponse:
        return self.show(form=form, status=status, **self._context(member))

    def _context(self, member: User) -> dict[str, Any]:
        return {
            "member": member,
            "customer_count": customers.queries.associations.customers_of(member.pk),
            "crumbs": [(str(member), ""), (_("Modify"), "")],
        }


class ResetPasswordView(OrganizationView):
    """More > Reset Password (02-USR-13)."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Reset Password")
    template_name = "accounts/organization/reset_password.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the dialog."""
        return self.show(form=forms.ResetPasswordForm(), member=self._member(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Set the password."""
        member, form = self._member(pk), forms.ResetPasswordForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, member=member, status=422)
        try:
            services.reset_password(self.actor, pk, password=form.cleaned_data["password"])
        except Refusal as refusal:
            return self.refused(form, refusal, member=member)
        return self.done(_("Password of %(name)s reset.") % {"name": member})

    def _member(self, pk: int) -> User:
        return queries.get_member(self.actor, pk)


class MemberDeleteView(OrganizationView):
    """More > Delete: dialog Delete User (02-USR-14, S-07)."""

    permission = MANAGE_MEMBERS
    title = gettext_lazy("Delete User")
    template_name = "accounts/organization/member_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what deleting means."""
        return self._show(queries.get_member(self.actor, pk), forms.SeenForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete."""
        member, form = queries.get_member(self.actor, pk), forms.SeenForm(request.POST)
        try:
            services.delete_member(self.actor, pk)
        except Refusal as refusal:
            form.is_valid()
            return self.refused(form, refusal, **self._context(member))
        return self.done(_("User %(name)s deleted.") % {"name": member})

    def _show(self, member: User, form: forms.SeenForm) -> HttpResponse:
        return self.show(form=form, **self._context(member))

    def _context(self, member: User) -> dict[str, Any]:
        return {
            "member": member,
            "customer_count": customers.queries.associations.customers_of(member.pk),
            "counts_until": customers.queries.associations.attributed_until(clock.now()),
            "managers": queries.managers_of(member),
        }
