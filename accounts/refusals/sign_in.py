"""Refusals: sign-in, passwords and the second factor."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import CODE_FIELD, Refusal


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
