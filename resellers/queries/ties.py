"""Who works under whom now."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Account

from ..models import ResellerAssociation


def distributor_of(partner_id: int) -> Account | None:
    """The distributor that this reseller works under; None for every other partner."""
    return distributors_of([partner_id]).get(partner_id)


def distributors_of(partner_ids: Collection[int]) -> dict[int, Account]:
    """The distributors of those of these partners that are resellers, by reseller. One query."""
    live = ResellerAssociation.objects.filter(reseller_id__in=partner_ids, ended_at=None)
    return {tie.reseller_id: tie.account for tie in live.select_related("account")}


def resellers_of(distributor_id: int) -> QuerySet[ResellerAssociation]:
    """The distributor's live associations with resellers."""
    live = ResellerAssociation.objects.filter(account_id=distributor_id, ended_at=None)
    return live.select_related("reseller").order_by("pk")


def reseller_ids(distributor_id: int) -> QuerySet:
    """Primary keys of the distributor's resellers, for use as a subquery."""
    live = ResellerAssociation.objects.filter(account_id=distributor_id, ended_at=None)
    return live.order_by().values("reseller_id")
