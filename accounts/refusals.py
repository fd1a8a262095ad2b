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
