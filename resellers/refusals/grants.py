"""Refusals around what a distributor grants its resellers (06 §9.2.1.2, 9.2.1.3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class QuotaMissing(Refusal):
    """A grant has at least one of the two quotas."""

    code = "resellers.grant.quota_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Enter a monthly budget quota, a one-time budget quota, or both."),
            field="monthly_quota",
        )


class SameQuotas(Refusal):
    """Nothing would change."""

    code = "resellers.grant.same_quotas"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: the quotas are the same as before."))


class NotGranted(Refusal):
    """There is no grant to withdraw."""

    code = "resellers.grant.none"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this reseller does not hold the permission."))


class AlreadyGranted(Refusal):
    """The permission is on already."""

    code = "resellers.grant.exists"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this reseller holds the permission already."))


class ConsentMissing(Refusal):
    """The commitment letter is accepted before the first grant (06-OBH-03, 08-DCL-01, DCL-04)."""

    code = "resellers.grant.consent_missing"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Read the commitment letter and agree to it. Without it nobody may work on the "
                "behalf of customers."
            ),
            field="consent",
        )


class LetterNotAccepted(Refusal):
    """Only who accepted the commitment letter can breach it."""

    code = "resellers.breach.no_letter"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was recorded: this account never accepted the commitment letter."),
            field="distributor",
        )
