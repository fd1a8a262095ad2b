"""Who may develop customers, in which models, and who can look after them (04-TM-03, 06-DPR-01)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.choices import PartnerKind, SystemRole
from accounts.models import RoleAssignment, User
from accounts.queries import standing
from partner_center.actors import Actor, Scope

from ..choices import AssociationModel
from ..refusals.invitations import DevelopmentOff

#: Roles whose holders look after customers (04-LNK-03).
PORTFOLIO_ROLES = (SystemRole.MANAGER, SystemRole.DIRECTOR)


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


def managers_for(actor: Actor) -> QuerySet[User]:
    """Account managers and directors whom the actor may name: all, its team's, or itself (S-06)."""
    rows = User.objects.visible_to(actor).present().filter(_holds_portfolio_role())
    if actor.scope != Scope.ALL:
        rows = rows.filter(pk__in=actor.team if actor.scope == Scope.TEAM else {actor.user_id})
    return rows.order_by("name", "pk")


def looks_after_customers(user_id: int | None) -> bool:
    """Whether the user is an account manager or director now, and was not deleted."""
    return User.objects.present().filter(_holds_portfolio_role(), pk=user_id).exists()


def _holds_portfolio_role() -> Exists:
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), role__system_code__in=PORTFOLIO_ROLES)
    return Exists(held)
