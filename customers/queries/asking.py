"""Who waits for an answer of the acting customer (08-CSD-14, 08-AUT-04)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account
from partner_center.actors import Actor

from ..choices import AuthorizationStatus, Purpose, RequestStatus, Side
from ..models import AssociationRequest, OnBehalfAuthorization
from ..permissions import MANAGE_PARTNER


def asking_partners(actor: Actor) -> QuerySet[Account]:
    """Partners that ask for something: ``asks_to_leave``, ``asks_to_act``. One query for both."""
    actor.require(MANAGE_PARTNER)
    leaving = AssociationRequest.objects.filter(
        customer_id=actor.account_id,
        purpose=Purpose.DISASSOCIATE,
        status=RequestStatus.PENDING,
        initiator=Side.PARTNER,
    )
    acting = OnBehalfAuthorization.objects.filter(
        customer_id=actor.account_id, status=AuthorizationStatus.PENDING
    )
    # The few keys first: an OR of two subqueries would read every account there is.
    keys = leaving.values("account_id").union(acting.values("account_id"))
    return (
        Account.objects.filter(pk__in=keys)
        .annotate(
            asks_to_leave=Exists(leaving.filter(account=OuterRef("pk"))),
            asks_to_act=Exists(acting.filter(account=OuterRef("pk"))),
        )
        .order_by("pk")
    )
