"""Which reseller works under which distributor (06 §9.2.1)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

import audit.services
from accounts import locks as account_locks
from accounts.choices import PartnerKind
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import ResellerAssociation
from .permissions import OPERATE_RESELLERS
from .refusals import AlreadyUnderDistributor, NoDistributor, NoReseller, StillAssociated


@transaction.atomic(durable=True)
def associate_reseller(
    actor: Actor, *, distributor_id: int, reseller_id: int
) -> ResellerAssociation:
    """Put a reseller under a distributor, by the operator.

    Raises NoDistributor, NoReseller, AlreadyUnderDistributor, NotFound.
    """
    actor.require(OPERATE_RESELLERS)
    locked = {pk: account_locks.lock_account(pk) for pk in sorted({distributor_id, reseller_id})}
    distributor, reseller = locked[distributor_id], locked[reseller_id]
    if distributor.partner_kind != PartnerKind.DISTRIBUTOR:
        raise NoDistributor(distributor.title)
    if reseller.partner_kind != PartnerKind.RESELLER:
        raise NoReseller(reseller.title)
    try:
        with transaction.atomic():
            association = ResellerAssociation.objects.create(
                account=distributor, reseller=reseller, associated_at=clock.now()
            )
    except IntegrityError as error:
        raise AlreadyUnderDistributor(reseller.title) from error
    after = {"distributor": distributor.name, "reseller": reseller.name}
    for account in (distributor, reseller):
        audit.services.record(
            actor, "resellers.association.created", association, after=after, account_id=account.pk
        )
    return association


@transaction.atomic(durable=True)
def end_reseller_association(
    actor: Actor, association_id: int, *, reason: str
) -> ResellerAssociation:
    """Take a reseller from its distributor, by the operator; the history stays.

    Raises NotFound when it has ended already.
    """
    actor.require(OPERATE_RESELLERS)
    live = ResellerAssociation.objects.select_for_update(no_key=True).filter(ended_at=None)
    if (association := live.filter(pk=association_id).first()) is None:
        raise NotFound
    moment = clock.now()
    association.ended_at = moment
    association.save(update_fields=["ended_at"])
    for account_id in (association.account_id, association.reseller_id):
        audit.services.record(
            actor,
            "resellers.association.ended",
            association,
            before={"ended_at": None},
            after={"ended_at": moment.isoformat(), "reason": reason},
            account_id=account_id,
        )
    return association


def refuse_other_kind(account: Account) -> None:
    """Raise StillAssociated when the account's kind carries live associations."""
    live = ResellerAssociation.objects.filter(Q(account=account) | Q(reseller=account))
    if count := live.filter(ended_at=None).count():
        raise StillAssociated(count)
