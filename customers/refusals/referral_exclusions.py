"""Refusals: countries between which Referral is kept from happening."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class AlreadyExcluded(Refusal):
    """Each pair of countries stands once."""

    code = "customers.referral_exclusion.exists"

    def __init__(self) -> None:
        super().__init__(_("These two countries are excluded already."))
