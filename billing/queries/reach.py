"""Who has financial information: partners that settle with the operator (05-CNV-02)."""

from __future__ import annotations

from accounts.choices import PartnerKind
from partner_center.actors import Actor

from ..refusals import NoFinancialInformation

#: Kinds of partner that get bills; a reseller's distributor gets those of its customers.
SETTLES = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)


def require(actor: Actor, permission: str) -> None:
    """Raise NotPermitted without the permission, NoFinancialInformation for a reseller."""
    actor.require(permission)
    if actor.partner_kind not in SETTLES:
        raise NoFinancialInformation


def has_bills(actor: Actor, permission: str) -> bool:
    """Whether the actor sees bills at all: for the home page."""
    return actor.partner_kind in SETTLES and actor.can(permission)
