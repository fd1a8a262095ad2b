"""The one way in which a reseller comes under a distributor and an association ends.

Building blocks for the caller's transaction, which has asked its permission and locked the accounts.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

import audit.services
from accounts.choices import PartnerKind
from accounts.models import Account
from partner_center.actors import Actor

from ..models import ResellerAssociation
from ..refusals import AlreadyUnderDistributor, NeverProvider, StillAssociated
from . import grants


def complete(
    actor: Actor, *, distributor: Account, reseller: Account, moment: datetime
) -> ResellerAssociation:
    """Put a reseller under a distributor, both locked. Raises AlreadyUnderDistributor."""
    try:
        with transaction.atomic():
            association = ResellerAssociation.objects.create(
                account=distributor, reseller=reseller, associated_at=moment
            )
    except IntegrityError as error:
        raise AlreadyUnderDistributor(reseller.title) from error
    _record(
        actor,
        association,
        "created",
        after={"distributor": distributor.name, "reseller": reseller.name},
    )
    return association


def end(actor: Actor, association: ResellerAssociation, *, reason: str, moment: datetime) -> None:
    """End a locked association: its grants close with it, its customers stay (06 C-28)."""
    grants.close_all(actor, association, moment)
    association.ended_at = moment
    association.save(update_fields=["ended_at"])
    _record(
        actor,
        association,
        "ended",
        before={"ended_at": None},
        after={"ended_at": moment.isoformat(), "reason": reason},
    )


def refuse_other_kind(account: Account, *, before: PartnerKind, after: PartnerKind) -> None:
    """Raise NeverProvider for a distributor that would become a provider (06-DOV-03), and
    StillAssociated when the account's kind carries live associations."""
    if (before, after) == (PartnerKind.DISTRIBUTOR, PartnerKind.CSP):
        raise NeverProvider
    live = ResellerAssociation.objects.filter(Q(account=account) | Q(reseller=account))
    if count := live.filter(ended_at=None).count():
        raise StillAssociated(count)


def _record(
    actor: Actor,
    association: ResellerAssociation,
    event: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object],
) -> None:
    """One audit record in each of the two books."""
    for account_id in (association.account_id, association.reseller_id):
        audit.services.record(
            actor,
            f"resellers.association.{event}",
            association,
            before=before,
            after=after,
            account_id=account_id,
        )
