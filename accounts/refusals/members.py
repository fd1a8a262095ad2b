"""Refusals: members and their roles."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class RoleRequired(Refusal):
    """A user cannot exist without a role (02-USR-04)."""

    code = "accounts.roles.required"

    def __init__(self) -> None:
        super().__init__(_("Select at least one role."), field="roles")


class TooManyRoles(Refusal):
    """More roles than one user may hold (02-USR-05)."""

    code = "accounts.roles.too_many"

    def __init__(self, limit: int) -> None:
        super().__init__(_("Select a maximum of %d roles") % limit, field="roles")


class RolesExcludeEachOther(Refusal):
    """Two roles that no user holds together (02-ROL-01, ROL-02)."""

    code = "accounts.roles.exclude_each_other"

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _("“%(one)s” and “%(other)s” cannot be assigned together. Deselect one of them.")
            % {"one": one, "other": other},
            field="roles",
        )


class MoreThanYouHold(Refusal):
    """Nobody gives or takes permissions that it does not hold itself."""

    code = "accounts.permissions.more_than_you_hold"
    status = 403

    def __init__(self, labels: list[str], field: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: you can only give and take permissions that you hold "
                "yourself. You do not hold: %(labels)s. Ask an administrator of your account."
            )
            % {"labels": ", ".join(labels)},
            field=field,
        )


class OnlyAdminGivesAdmin(Refusal):
    """The role Admin is given by the main account and by Admins only."""

    code = "accounts.roles.only_admin_gives_admin"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: only the main account and members with the role Admin can "
                "assign the role Admin."
            ),
            field="roles",
        )


class MemberAboveYou(Refusal):
    """Who holds less than a member cannot change it: a new password would be a way to its rights."""

    code = "accounts.member.above_you"
    status = 403

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s holds permissions that you do not hold. "
                "Ask an administrator of your account."
            )
            % {"name": name}
        )


class OwnMember(Refusal):
    """A member cannot delete, lock or re-role itself, nor reset its own password (02 S-10)."""

    code = "accounts.member.own"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: nobody can delete or lock themselves, change their own "
                "roles or reset their own password here. Ask another administrator of your account."
            )
        )


class MainAccountStays(Refusal):
    """The main account is no member: it is not deleted, locked or re-roled (02 S-03)."""

    code = "accounts.member.main_account"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: this is the main account. It holds all permissions and "
                "cannot be locked, deleted or changed here."
            )
        )


class UsernameTaken(Refusal):
    """Another member of the account has this username."""

    code = "accounts.username.taken"

    def __init__(self) -> None:
        super().__init__(
            _("This username is already in use in your account. Choose another one."),
            field="username",
        )


class NotADirector(Refusal):
    """Only holders of the role Account director manage account managers (02-ORG-08)."""

    code = "accounts.director.role_missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s does not have the role Account director.")
            % {"name": name},
            field="director",
        )


class NotAManager(Refusal):
    """Only holders of the role Account manager have a director (02-ORG-08)."""

    code = "accounts.manager.role_missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s does not have the role Account manager.")
            % {"name": name},
            field="director",
        )
