"""Refusals: verification codes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import CodeRefusal, Refusal


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


class CodeTriedOut(CodeRefusal):
    """The code was entered wrongly so often that it ended."""

    code = "accounts.code.tried_out"

    def __init__(self, operation: str = "") -> None:
        super().__init__(operation, _("The code was wrong too often. Get a new code."))


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
