"""What the operator does to distributors and their resellers, from its admin pages."""

from __future__ import annotations

from django.db import transaction

import audit.services
from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import BreachConsequence
from ..locks import lock_accounts, lock_association
from ..models import LetterBreach, ResellerAssociation
from ..permissions import OPERATE_RESELLERS
from ..queries import letter
from ..refusals import LetterNotAccepted, NoDistributor, NoReseller
from . import associating


@transaction.atomic(durable=True)
def associate_reseller(
    actor: Actor, *, distributor_id: int, reseller_id: int
) -> ResellerAssociation:
    """Put a reseller under a distributor, by the operator.

    Raises NoDistributor, NoReseller, AlreadyUnderDistributor, NotFound.
    """
    actor.require(OPERATE_RESELLERS)
    locked = lock_accounts(distributor_id, reseller_id)
    distributor, reseller = locked[distributor_id], locked[reseller_id]
    if distributor.partner_kind != PartnerKind.DISTRIBUTOR:
        raise NoDistributor(distributor.title)
    if reseller.partner_kind != PartnerKind.RESELLER:
        raise NoReseller(reseller.title)
    return associating.complete(
        actor, distributor=distributor, reseller=reseller, moment=clock.now()
    )


@transaction.atomic(durable=True)
def end_reseller_association(
    actor: Actor, association_id: int, *, reason: str
) -> ResellerAssociation:
    """Take a reseller from its distributor, by the operator; the history stays.

    Its grants end in the same transaction (06 C-28). Raises NotFound when it has ended already.
    """
    actor.require(OPERATE_RESELLERS)
    association = lock_association(association_id)
    associating.end(actor, association, reason=reason, moment=clock.now())
    return association


@transaction.atomic(durable=True)
def record_breach(
    actor: Actor,
    *,
    distributor_id: int,
    reseller_id: int | None,
    consequence: BreachConsequence,
    facts: str,
) -> LetterBreach:
    """Record what the operator did about a breach of the commitment letter (08-DCL-03).

    The consequence itself is carried out where it belongs; the record stays for ever. Raises
    LetterNotAccepted when the distributor never accepted a letter, NotFound when the reseller never
    worked under it.
    """
    actor.require(OPERATE_RESELLERS)
    if not letter.has_accepted_any(distributor_id):
        raise LetterNotAccepted
    association = _last_association(distributor_id, reseller_id) if reseller_id else None
    breach = LetterBreach.objects.create(
        account_id=distributor_id,
        association=association,
        consequence=consequence,
        facts=facts,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    audit.services.record(
        actor,
        "resellers.letter_breach.recorded",
        breach,
        after={
            "consequence": str(consequence),
            "facts": facts,
            "reseller": association.reseller.name if association else None,
        },
        account_id=distributor_id,
    )
    return breach


def _last_association(distributor_id: int, reseller_id: int) -> ResellerAssociation:
    rows = ResellerAssociation.objects.filter(account_id=distributor_id, reseller_id=reseller_id)
    if (found := rows.select_related("reseller").order_by("-pk").first()) is None:
        raise NotFound
    return found
