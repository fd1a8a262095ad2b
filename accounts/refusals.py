"""Refusals of the accounts app: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class WrongCode(Refusal):
    """The entered verification code does not match."""

    code = "accounts.code.wrong"

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(
            _("The code is wrong. Tries left: %(left)d.") % {"left": tries_left},
            field="verification_code",
        )


class CodeGone(Refusal):
    """No live code: never sent, expired, used, or ended after five wrong tries."""

    code = "accounts.code.gone"

    def __init__(self) -> None:
        super().__init__(
            _("This code has expired or was used already. Get a new code."),
            field="verification_code",
        )


class CodeTooSoon(Refusal):
    """A new code was asked for within 60 seconds of the last one."""

    code = "accounts.code.too_soon"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            _("A code was just sent. You can get a new one in %(seconds)d seconds.")
            % {"seconds": seconds}
        )


class NoChannel(Refusal):
    """The user has no address of the asked kind."""

    code = "accounts.code.no_channel"

    def __init__(self) -> None:
        super().__init__(
            _("There is no such address on your account. Choose the other way to get the code.")
        )


class IdentityNotVerified(Refusal):
    """The identity check before a change of address is missing, too old, or for another user."""

    code = "accounts.identity.not_verified"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: your identity check has expired. Verify your identity again.")
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
                "No key was created: %(user)s already has %(limit)d access keys. Delete one of them first."
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
