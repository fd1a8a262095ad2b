"""Who may develop customers, and in which models (04-TM-03, 06-DPR-01)."""

from __future__ import annotations

from accounts.choices import PartnerKind
from accounts.queries import standing
from partner_center.actors import Actor

from ..choices import AssociationModel
from ..refusals.invitations import DevelopmentOff


def may_develop(actor: Actor) -> bool:
    """Whether the account may develop customers: distributors need the operator's permission."""
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return True
    return standing.terms_of(actor.account_id).may_develop


def refuse_without_development(actor: Actor) -> None:
    """Raise DevelopmentOff for a distributor without the customer development permission."""
    if not may_develop(actor):
        raise DevelopmentOff


def models_for(actor: Actor) -> list[AssociationModel]:
    """Association types that the partner may choose: Referral only with the operator's permission."""
    found = [AssociationModel.RESELLER]
    if actor.partner_kind != PartnerKind.RESELLER and standing.terms_of(actor.account_id).may_refer:
        found.append(AssociationModel.REFERRAL)
    return found
