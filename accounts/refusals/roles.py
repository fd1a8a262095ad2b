"""Refusals: custom roles and customer contacts."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import Refusal


class RoleNameTaken(Refusal):
    """Another role of the account has this name."""

    code = "accounts.role.name_taken"

    def __init__(self) -> None:
        super().__init__(
            _("There is already a role with this name. Choose another one."), field="name"
        )


class CustomRolesFull(Refusal):
    """The account has as many custom roles as it may have (02-ROL-04)."""

    code = "accounts.role.limit"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _(
                "The role was not created: the limit of %d custom roles is reached. "
                "Delete a role that nobody needs, or ask the operator for more."
            )
            % limit
        )


class SystemRoleStays(Refusal):
    """System-defined roles are neither modified nor deleted (02-ORG-05)."""

    code = "accounts.role.system"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: system-defined roles cannot be modified or deleted.")
        )


class RoleHasUsers(Refusal):
    """A role is deleted only while no user has it (02-ROL-13)."""

    code = "accounts.role.has_users"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "The role was not deleted: %d user has it. Assign another role to that user first.",
                "The role was not deleted: %d users have it. Assign other roles to them first.",
                count,
            )
            % count
        )


class PermissionRequired(Refusal):
    """A role without a permission would be empty."""

    code = "accounts.role.permission_required"

    def __init__(self) -> None:
        super().__init__(_("Select at least one permission."), field="permissions")


class PermissionNotOffered(Refusal):
    """A permission that no custom role of this kind of account can hold."""

    code = "accounts.role.permission_not_offered"

    def __init__(self) -> None:
        super().__init__(
            _("One of the permissions cannot be given to a role. Nothing was saved."),
            field="permissions",
        )


class ContactsFull(Refusal):
    """The partner has as many customer contacts as it may have (02-CON-02)."""

    code = "accounts.contacts.limit"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("The contact was not created: a maximum of %d customer contacts is possible.") % limit
        )
