"""Refusals of the accounts app: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import CODE_FIELD, CodeRefusal, Refusal


class WrongCode(CodeRefusal):
    """The entered verification code does not match."""

    code = "accounts.code.wrong"

    def __init__(self, tries_left: int, operation: str = "") -> None:
        self.tries_left = tries_left
        super().__init__(
            operation, _("The code is wrong. Tries left: %(left)d.") % {"left": tries_left}
        )


class CodeGone(CodeRefusal):
    """No live code: never sent, expired, used, or ended after five wrong tries."""

    code = "accounts.code.gone"

    def __init__(self, operation: str = "") -> None:
        super().__init__(operation, _("This code has expired or was used already. Get a new code."))


class CodeTooSoon(Refusal):
    """A new code was asked for within 60 seconds of the last one."""

    code = "accounts.code.too_soon"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            _("A code was just sent. You can get a new one in %(seconds)d seconds.")
            % {"seconds": seconds}
        )


class WrongCredentials(Refusal):
    """Unknown account, unknown user or wrong password: one sentence for all three."""

    code = "accounts.sign_in.wrong"

    def __init__(self) -> None:
        super().__init__(_("These details do not match. Check what you entered, then try again."))


class TooManyAttempts(Refusal):
    """Too many tries from this address or for this account; they count for some minutes only."""

    code = "accounts.too_many_attempts"
    status = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(
            _("Too many attempts. Nothing was tried this time. Try again in %(minutes)d minutes.")
            % {"minutes": minutes}
        )


class MemberLocked(Refusal):
    """The right password of a member that an administrator has locked (02-USR-12)."""

    code = "accounts.member.locked"

    def __init__(self) -> None:
        super().__init__(
            _("Your account has been locked. Contact the administrator of your organization.")
        )


class AccountSuspended(Refusal):
    """The right password, but the operator has suspended the account."""

    code = "accounts.account.suspended"

    def __init__(self) -> None:
        super().__init__(_("This account has been suspended. Contact the operator to learn why."))


class SamePassword(Refusal):
    """A member's first own password is the one that the administrator gave out."""

    code = "accounts.password.same"

    def __init__(self) -> None:
        super().__init__(
            _("Choose a password that differs from the present one."), field="password"
        )


class ResetCodeRefused(Refusal):
    """Wrong, expired or never sent: one sentence, so that it tells nobody which accounts exist."""

    code = "accounts.reset.code_refused"

    def __init__(self) -> None:
        super().__init__(
            _("The code is wrong or has expired. Check it, or get a new code."), field=CODE_FIELD
        )


class IdentityProofMissing(Refusal):
    """Password and second factor are changed only within minutes of an identity check."""

    code = "accounts.identity.proof_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: your identity check has expired. Verify your identity again.")
        )


class AlreadyRegistered(Refusal):
    """The e-mail registered another account while this registration was open."""

    code = "accounts.email.registered"

    def __init__(self) -> None:
        super().__init__(
            _("This email address was already used to register an account. Use another one."),
            field="email",
        )


class PhoneTaken(Refusal):
    """A security phone identifies one account, because people sign in with it."""

    code = "accounts.security_phone.taken"

    def __init__(self) -> None:
        super().__init__(
            _("This number is the security phone of another account. Enter another number."),
            field="phone",
        )


class StepRefused(Refusal):
    """A registration step out of its order: done already, or an earlier one is missing."""

    code = "accounts.registration.step"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This step is done already, or an earlier one is missing. Nothing was changed.")
        )


class NameTaken(Refusal):
    """Another account has this account name."""

    code = "accounts.name.taken"

    def __init__(self) -> None:
        super().__init__(_("This account name is taken. Choose another one."), field="name")


class NoSuchName(Refusal):
    """An account name has 4 to 64 lower-case letters, digits and hyphens."""

    code = "accounts.name.wrong"

    def __init__(self) -> None:
        super().__init__(
            _(
                "An account name has 4 to 64 lower-case letters, digits and hyphens, and starts "
                "with a letter."
            ),
            field="name",
        )


class OperatorExists(Refusal):
    """An installation has one operator."""

    code = "accounts.operator.exists"

    def __init__(self) -> None:
        super().__init__(_("The operator’s account exists already. Nothing was changed."))


class NameFixed(Refusal):
    """Members sign in with the account name, so it stays once there are any."""

    code = "accounts.name.fixed"

    def __init__(self) -> None:
        super().__init__(
            _("The account name cannot change any more: members of your organization use it.")
        )


class SecondFactorState(Refusal):
    """The second factor is already on, or already off."""

    code = "accounts.second_factor.state"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("This was already done. Nothing was changed."))


class WrongAuthenticatorCode(Refusal):
    """The code of the authenticator app does not match."""

    code = "accounts.second_factor.wrong"

    def __init__(self) -> None:
        super().__init__(
            _("The code is wrong. Enter the code that your authenticator app shows now."),
            field="code",
        )


class NoChannel(Refusal):
    """The user has no address of the asked kind."""

    code = "accounts.code.no_channel"

    def __init__(self) -> None:
        super().__init__(
            _("There is no such address on your account. Choose the other way to get the code.")
        )


class SameAddress(Refusal):
    """The new e-mail or mobile number is the present one."""

    code = "accounts.address.same"

    def __init__(self, field: str) -> None:
        super().__init__(_("This is already your address. Enter a new one."), field=field)


class EmailTaken(Refusal):
    """Another account registered this e-mail, or another member of the account uses it."""

    code = "accounts.email.taken"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: this email is already in use. Enter another one."),
            field="email",
        )


class AddressLocked(Refusal):
    """The registration address of an approved partner cannot be modified (01-CSP-08, DST-10)."""

    code = "accounts.company.address_locked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the registration address cannot be modified after you became "
                "a partner, because it decides taxes and invoices. Ask the operator to correct it."
            )
        )


class AlreadySo(Refusal):
    """The asked state is the present one: somebody was faster, or nothing was changed."""

    code = "accounts.already_so"
    status = 409

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("Nothing was changed: it is already set this way."))


class ReasonMissing(Refusal):
    """An operation of the operator needs a reason that the audit trail keeps."""

    code = "accounts.reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter a reason."), field="reason")


class OperatorAccountStays(Refusal):
    """The operator's own account is neither suspended nor made a partner."""

    code = "accounts.operator_stays"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this is the operator’s own account."))


class MainUserStays(Refusal):
    """The main user of an account is its administrator and cannot be locked."""

    code = "accounts.main_user_stays"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: this is the administrator of its account. "
                "Suspend the account instead."
            )
        )


class UserIsDeleted(Refusal):
    """A deleted user stays for the history and is not changed any more."""

    code = "accounts.user_deleted"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this user was deleted."))


class VersionTaken(Refusal):
    """A published agreement version never changes: a new text needs a new version."""

    code = "accounts.agreement.version_taken"

    def __init__(self) -> None:
        super().__init__(
            _("This version was published already. Publish the text as a new version."),
            field="version",
        )


class TooManyCodes(Refusal):
    """A receiver was sent as many codes as an hour or a day allows."""

    code = "accounts.code.too_many"

    def __init__(self, limit: int, period: str) -> None:
        super().__init__(
            _(
                "No code was sent: this address has received %(limit)d codes within one %(period)s. "
                "Try again later."
            )
            % {"limit": limit, "period": period},
            field="email",
        )


class TooManyKeys(Refusal):
    """The user has as many access keys as allowed."""

    code = "accounts.access_key.too_many"

    def __init__(self, username: str, limit: int) -> None:
        super().__init__(
            _(
                "No key was created: %(user)s already has %(limit)d access keys. "
                "Delete one of them first."
            )
            % {"user": username, "limit": limit},
            field="user",
        )


class KeyOfWiderUser(Refusal):
    """The key would act with permissions that its maker does not hold."""

    code = "accounts.access_key.wider_user"

    def __init__(self, username: str) -> None:
        super().__init__(
            _(
                "No key was created: %(user)s may do or see more than you, and the key would act with "
                "these permissions. Ask %(user)s or an administrator to create it."
            )
            % {"user": username},
            field="user",
        )


class BadTimes(Refusal):
    """The times of a scheduled task are no crontab."""

    code = "accounts.schedule.bad_times"

    def __init__(self) -> None:
        super().__init__(
            _("Enter five fields as in a crontab, for example 0 3 * * *."), field="times"
        )


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


class ContactsFull(Refusal):
    """The partner has as many customer contacts as it may have (02-CON-02)."""

    code = "accounts.contacts.limit"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("The contact was not created: a maximum of %d customer contacts is possible.") % limit
        )
