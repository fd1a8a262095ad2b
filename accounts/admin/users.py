"""Users and roles of all accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partner_center import permissions
from partner_center.admin import ACCOUNTS, EstimatedPaginator, PortalModelAdmin, site

from ..choices import UserStatus
from ..models import Role, User
from ..permissions import OPERATE_USERS, VIEW_ALL_USERS
from ..services import operating

STATUS_COLOURS = {
    UserStatus.NORMAL.label: "success",
    UserStatus.LOCKED.label: "danger",
    UserStatus.DELETED.label: "default",
}


@admin.register(User, site=site)
class UserAdmin(PortalModelAdmin):
    """Everybody who signs in. E-mail and phone stand on the user's page only; opening it is recorded."""

    view_permission = VIEW_ALL_USERS
    manage_permission = OPERATE_USERS
    group = ACCOUNTS
    icon = "person"
    paginator = EstimatedPaginator
    list_display = ("username", "name", "account", "is_main", "shown_status", "last_login")
    list_select_related = ("account",)
    list_filter = ("status", "is_main", "account__partner_kind")
    search_fields = ("username", "name", "email", "account__name", "uid")
    ordering = ("account__name", "username")
    actions = ("lock_ticked", "unlock_ticked", "end_sessions_of_ticked")
    actions_detail = ("lock", "unlock", "end_sessions", "reset_second_factor")
    fieldsets = (
        (None, {"fields": ("username", "account", "is_main", "status", "roles", "uid")}),
        (gettext_lazy("Person"), {"fields": ("name", "email", "mobile", "office_phone")}),
        (
            gettext_lazy("Sign-in"),
            {"fields": ("must_change_password", "last_login", "created_at", "deleted_at")},
        ),
    )
    readonly_fields = ("roles",)

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_status(self, user: User) -> str:
        """The status with its colour."""
        return user.get_status_display()

    @display(description=gettext_lazy("Roles"))
    def roles(self, user: User) -> str:
        """Names of the roles; the main user is the administrator."""
        if user.is_main:
            return _("Administrator of the account")
        held = user.role_assignments.select_related("role").order_by("role__name")
        return ", ".join(assignment.role.name for assignment in held) or "--"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The user's page; that it was opened stands in the audit trail of the user's account."""
        if object_id and self.has_view_permission(request):
            operating.record_view(request.actor, self.row(request, object_id).pk)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _is(self, object_id: Any, *statuses: UserStatus) -> bool:
        users = self.model._meta.default_manager.filter(pk=object_id, status__in=statuses)
        return users.exists()

    def has_lock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for users that are not locked."""
        return self.may_manage(request) and self._is(object_id, UserStatus.NORMAL)

    def has_unlock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for locked users."""
        return self.may_manage(request) and self._is(object_id, UserStatus.LOCKED)

    def has_present_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for users that were not deleted."""
        present = (UserStatus.NORMAL, UserStatus.LOCKED)
        return self.may_manage(request) and self._is(object_id, *present)

    @admin.action(description=gettext_lazy("Lock"), permissions=["manage"])
    def lock_ticked(self, request: HttpRequest, rows: QuerySet) -> None:
        """Lock each ticked user."""
        self.each(request, rows, operating.lock_user)

    @admin.action(description=gettext_lazy("Unlock"), permissions=["manage"])
    def unlock_ticked(self, request: HttpRequest, rows: QuerySet) -> None:
        """Unlock each ticked user."""
        self.each(request, rows, operating.unlock_user)

    @admin.action(description=gettext_lazy("End sessions"), permissions=["manage"])
    def end_sessions_of_ticked(self, request: HttpRequest, rows: QuerySet) -> None:
        """Sign each ticked user out."""
        self.each(request, rows, operating.end_sessions)

    @action(description=gettext_lazy("Lock User"), permissions=["lock"])
    def lock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lock the user."""
        return self.operate(
            request,
            object_id,
            operating.lock_user,
            title=_("Lock User"),
            consequence=_("The user cannot sign in, and is signed out everywhere."),
        )

    @action(description=gettext_lazy("Unlock User"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Unlock the user."""
        return self.operate(
            request,
            object_id,
            operating.unlock_user,
            title=_("Unlock User"),
            consequence=_("The user can sign in again."),
        )

    @action(description=gettext_lazy("End Sessions"), permissions=["present"])
    def end_sessions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Sign the user out."""
        return self.operate(
            request,
            object_id,
            operating.end_sessions,
            title=_("End Sessions"),
            consequence=_("The user is signed out everywhere and can sign in again."),
        )

    @action(description=gettext_lazy("Reset Second Factor"), permissions=["present"])
    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the second factor off."""
        return self.operate(
            request,
            object_id,
            operating.reset_second_factor,
            title=_("Reset Second Factor"),
            consequence=_(
                "The user signs in with the password alone until a new second factor is set up. "
                "Make sure first that it is really this person who asks."
            ),
        )


@admin.register(Role, site=site)
class RoleAdmin(PortalModelAdmin):
    """System roles and the custom roles of all accounts; each account manages its own."""

    view_permission = VIEW_ALL_USERS
    group = ACCOUNTS
    icon = "badge"
    list_display = ("name", "account", "type", "created_at")
    list_select_related = ("account",)
    list_filter = ("system_code",)
    search_fields = ("name", "account__name")
    ordering = ("account__name", "name")
    fields = ("name", "account", "type", "description", "held", "created_at")
    readonly_fields = ("held", "type")

    @display(description=gettext_lazy("Permissions"))
    def held(self, role: Role) -> str:
        """Labels of the permissions of a custom role."""
        known = {permission.code: permission for permission in permissions.catalogue()}
        labels = [str(known[code].label) for code in role.permissions if code in known]
        return ", ".join(labels) or "--"

    @display(description=gettext_lazy("Type"))
    def type(self, role: Role) -> str:
        """System-defined or custom."""
        return role.type.label
