"""Who works under whom now."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account

from ..models import ResellerAssociation


def distributor_of(partner_id: int) -> Account | None:
    """The distributor that this reseller works under; None for every other partner."""
    live = ResellerAssociation.objects.filter(reseller_id=partner_id, ended_at=None)
    found = live.select_related("account").first()
    return found.account if found else None


def resellers_of(distributor_id: int) -> QuerySet[ResellerAssociation]:
    """The distributor's live associations with resellers."""
    live = ResellerAssociation.objects.filter(account_id=distributor_id, ended_at=None)
    return live.select_related("reseller").order_by("pk")


def reseller_ids(distributor_id: int) -> QuerySet:
    """Primary keys of the distributor's resellers, for use as a subquery."""
    live = ResellerAssociation.objects.filter(account_id=distributor_id, ended_at=None)
    return live.order_by().values("reseller_id")
