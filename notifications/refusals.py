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
