"""Refusals of the resellers app: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import Refusal


class NoDistributor(Refusal):
    """Only a distributor has resellers."""

    code = "resellers.association.no_distributor"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not a distributor.") % {"name": name},
            field="distributor",
        )


class NoReseller(Refusal):
    """Only an account of the kind reseller works under a distributor."""

    code = "resellers.association.no_reseller"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not a reseller.") % {"name": name},
            field="reseller",
        )


class AlreadyUnderDistributor(Refusal):
    """A reseller works under one distributor at a time."""

    code = "resellers.association.exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s already works under a distributor.") % {"name": name},
            field="reseller",
        )


class StillAssociated(Refusal):
    """A distributor with resellers, or a reseller under a distributor, keeps its kind."""

    code = "resellers.partner_kind.associated"

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "Nothing was changed: %d association between distributor and reseller would break.",
                "Nothing was changed: %d associations between distributor and resellers would break.",
                count,
            )
            % count
        )


class NeverProvider(Refusal):
    """A distributor never joins the Cloud Solution Provider Program (06-DOV-03)."""

    code = "resellers.partner_kind.distributor"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: a distributor cannot join the Cloud Solution Provider Program."
            ),
            field="kind",
        )


class OnlyDistributors(Refusal):
    """Other partners have no resellers."""

    code = "resellers.only_distributors"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Reseller management is for distributors. Your account is none, so nothing is here.")
        )


class OnlyResellers(Refusal):
    """Other partners work under no distributor."""

    code = "resellers.only_resellers"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("This page is for resellers that work under a distributor."))
