"""Refusals of real-name authentication by a partner for its customer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class NotYourCustomer(Refusal):
    """Unknown, another partner's, or outside what the actor's roles let it see: one answer."""

    code = "customers.not_yours"

    def __init__(self) -> None:
        super().__init__(_("This is not a customer of yours."), field="customer_id")


class WrongPlatform(Refusal):
    """``xaccount_type`` is not the platform ID that the operator has given the partner."""

    code = "customers.wrong_platform"

    def __init__(self) -> None:
        super().__init__(
            _("This is not the platform ID that was assigned to you."), field="xaccount_type"
        )
