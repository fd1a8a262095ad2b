"""Organization > Member Management."""

from django.urls import path

from ..views.organization import contacts, create, directors, members, roles

app_name = "organization"
urlpatterns = [
    path("", members.MemberListView.as_view(), name="members"),
    path("/create", create.CreateUserView.as_view(), name="create"),
    path("/create/roles", create.CreateUserRolesView.as_view(), name="create-roles"),
    path("/<int:pk>", members.MemberView.as_view(), name="member"),
    path("/<int:pk>/created", create.CreatedView.as_view(), name="created"),
    path("/<int:pk>/modify", members.MemberModifyView.as_view(), name="member-modify"),
    path("/<int:pk>/roles", roles.AssignRoleView.as_view(), name="member-roles"),
    path("/<int:pk>/managers", directors.TeamView.as_view(), name="member-team"),
    path(
        "/<int:pk>/reset-password",
        members.ResetPasswordView.as_view(),
        name="member-password",
    ),
    path("/<int:pk>/delete", members.MemberDeleteView.as_view(), name="member-delete"),
    path("/roles", roles.RoleListView.as_view(), name="roles"),
    path("/roles/create", roles.RoleCreateView.as_view(), name="role-create"),
    path("/roles/<int:pk>", roles.RoleView.as_view(), name="role"),
    path("/roles/<int:pk>/users", roles.RoleUsersView.as_view(), name="role-users"),
    path("/roles/<int:pk>/modify", roles.RoleModifyView.as_view(), name="role-modify"),
    path("/roles/<int:pk>/delete", roles.RoleDeleteView.as_view(), name="role-delete"),
    path("/contacts", contacts.ContactListView.as_view(), name="contacts"),
    path("/contacts/create", contacts.ContactCreateView.as_view(), name="contact-create"),
    path("/contacts/<int:pk>/modify", contacts.ContactModifyView.as_view(), name="contact-modify"),
    path("/contacts/<int:pk>/delete", contacts.ContactDeleteView.as_view(), name="contact-delete"),
]
