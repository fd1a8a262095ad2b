"""Who has financial information: partners that settle with the operator (05-CNV-02)."""

from __future__ import annotations

from accounts.choices import PartnerKind
from partner_center.actors import Actor
from partner_center.permissions import Audience

from ..permissions import PAY_BILLS, TOP_UP
from ..refusals import NoFinancialInformation, OnlyProviders

#: Kinds of partner that get bills; a reseller's distributor gets those of its customers.
SETTLES = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)


def require(actor: Actor, permission: str) -> None:
    """Raise NotPermitted without the permission, NoFinancialInformation for a reseller."""
    actor.require(permission)
    if actor.partner_kind not in SETTLES:
        raise NoFinancialInformation


def settles(actor: Actor, permission: str) -> bool:
    """Whether pages of others show the actor its part of this."""
    return actor.partner_kind in SETTLES and actor.can(permission)


def require_payer(actor: Actor) -> None:
    """Raise NotPermitted or NoFinancialInformation unless the actor may move money of its account: a
    partner that settles with the operator, or a customer that tops up (08-CST-01)."""
    if actor.audience == Audience.CUSTOMER:
        actor.require(TOP_UP)
    else:
        require(actor, PAY_BILLS)


def payer_permission(actor: Actor) -> str:
    """What the actor must hold to look after its cards and payments."""
    return TOP_UP if actor.audience == Audience.CUSTOMER else PAY_BILLS


def require_provider(actor: Actor) -> None:
    """Raise OnlyProviders unless the account is a cloud solution provider (05-KGR-04)."""
    if actor.partner_kind != PartnerKind.CSP:
        raise OnlyProviders
