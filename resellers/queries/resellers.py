"""A distributor's resellers, and a reseller's distributor, as their pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.choices import PartnerKind
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import ResellerAssociation, ResellerBudgetGrant
from ..permissions import VIEW_DISTRIBUTOR, VIEW_RESELLERS
from ..refusals import OnlyDistributors, OnlyResellers
from .grants import budget_grant_of, is_authorized, may_work_on_behalf, on_behalf_granted


@dataclass(frozen=True)
class MyDistributor:
    """What a reseller sees of its distributor (06-RSL-11, 07-RDF-01)."""

    association: ResellerAssociation
    budget_grant: ResellerBudgetGrant | None
    on_behalf: bool


def require_distributor(actor: Actor) -> None:
    """Raise OnlyDistributors unless the actor's account is a distributor (06-RSL-01)."""
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        raise OnlyDistributors


def list_resellers(actor: Actor) -> QuerySet[ResellerAssociation]:
    """The distributor's live associations with resellers. Raises OnlyDistributors."""
    actor.require(VIEW_RESELLERS)
    require_distributor(actor)
    rows = ResellerAssociation.objects.visible_to(actor).filter(ended_at=None)
    return rows.select_related("reseller", "account").order_by("pk")


def get_reseller(actor: Actor, association_id: int) -> ResellerAssociation:
    """One live association of the distributor, with ``authorized`` and ``on_behalf``.

    Raises NotFound.
    """
    actor.require(VIEW_RESELLERS)
    rows = ResellerAssociation.objects.visible_to(actor).filter(ended_at=None, pk=association_id)
    rows = rows.select_related("reseller", "account")
    found = rows.annotate(authorized=is_authorized(), on_behalf=may_work_on_behalf()).first()
    if found is None:
        raise NotFound
    return found


def find_resellers(
    actor: Actor,
    *,
    account_name: str = "",
    reseller_id: str = "",
    associated_from: datetime | None = None,
    associated_to: datetime | None = None,
) -> QuerySet[ResellerAssociation]:
    """The distributor's resellers as the API asks for them (API B.7).

    ``account_name`` in any case, ``reseller_id`` the domain ID; both bounds belong to the range.
    """
    rows = list_resellers(actor)
    if account_name:
        rows = rows.filter(reseller__name__iexact=account_name)
    if reseller_id:
        rows = rows.filter(reseller__public_id=reseller_id)
    if associated_from:
        rows = rows.filter(associated_at__gte=associated_from)
    if associated_to:
        rows = rows.filter(associated_at__lte=associated_to)
    return rows.order_by("-associated_at", "-pk")


def my_distributor(actor: Actor) -> MyDistributor | None:
    """The distributor that the actor's account works under; None when that has ended.

    Raises OnlyResellers.
    """
    actor.require(VIEW_DISTRIBUTOR)
    if actor.partner_kind != PartnerKind.RESELLER:
        raise OnlyResellers
    rows = ResellerAssociation.objects.filter(reseller_id=actor.account_id, ended_at=None)
    if (found := rows.select_related("account").first()) is None:
        return None
    return MyDistributor(
        found, budget_grant_of(actor.account_id), on_behalf_granted(actor.account_id)
    )
