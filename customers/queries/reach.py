"""Which customers a partner reaches: its own, and those of its resellers."""

from __future__ import annotations

from django.db.models import Q

import resellers.queries
from partner_center.actors import Actor

from ..models import Association
from ..models.association import AssociationQuerySet


def reachable(actor: Actor) -> AssociationQuerySet:
    """Live associations that the actor sees: its own, and those of its resellers, within its scope.

    Customers of resellers are assigned to the resellers' account managers, so that those of the
    distributor see none of them.
    """
    of_resellers = resellers.queries.reseller_ids(actor.account_id)
    mine = Q(account_id=actor.account_id) | Q(account_id__in=of_resellers)
    rows: AssociationQuerySet = Association.objects.live().filter(mine).within_scope(actor)
    return rows
