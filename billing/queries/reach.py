"""Who has Financial Information: providers and distributors, no resellers (05-CNV-02)."""

from __future__ import annotations

from accounts.choices import PartnerKind
from partner_center.actors import Actor

from ..refusals import OnlyPayers, OnlyProviders

PAYERS = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)


def require_payer(actor: Actor) -> None:
    """Raise OnlyPayers unless the operator bills the actor's account."""
    if actor.partner_kind not in PAYERS:
        raise OnlyPayers


def require_provider(actor: Actor) -> None:
    """Raise OnlyProviders unless the account is a cloud solution provider (05-KGR-04)."""
    if actor.partner_kind != PartnerKind.CSP:
        raise OnlyProviders
