"""Refusals of the notifications: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class RecipientExists(Refusal):
    """Two recipients of one account with the same e-mail address."""

    code = "notifications.recipient.exists"

    def __init__(self, email: str) -> None:
        super().__init__(
            _("A recipient with the address %(email)s exists already. Choose it in the list.")
            % {"email": email},
            field="email",
        )


class NothingToTest(Refusal):
    """Neither e-mail nor SMS is ticked for the type."""

    code = "notifications.test.nothing"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was sent: neither email nor SMS is ticked for this type of message.")
        )


class TestTooSoon(Refusal):
    """An address is not tested twice in a minute."""

    __test__ = False
    code = "notifications.test.too_soon"

    def __init__(self, target: str, seconds: int) -> None:
        super().__init__(
            _("Nothing was sent: %(target)s was tested just now. Try again in %(seconds)d seconds.")
            % {"target": target, "seconds": seconds}
        )


class TooManyTests(Refusal):
    """An account does not flood the gateways."""

    code = "notifications.test.too_many"

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "Nothing was sent: at most %(most)d test messages can be sent in an hour. Try again "
                "later."
            )
            % {"most": most}
        )
