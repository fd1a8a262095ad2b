"""Refusals: registration of an account."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


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


class NameFixed(Refusal):
    """Members sign in with the account name, so it stays once there are any."""

    code = "accounts.name.fixed"

    def __init__(self) -> None:
        super().__init__(
            _("The account name cannot change any more: members of your organization use it.")
        )
