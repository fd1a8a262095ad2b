"""Where the operator keeps Referral from crossing a border (AF15)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

import audit.services
from accounts.permissions import OPERATE_STANDING
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import ReferralExclusion
from ..refusals.referral_exclusions import AlreadyExcluded


@transaction.atomic(durable=True)
def exclude(actor: Actor, *, partner_country: str, customer_country: str) -> ReferralExclusion:
    """Let partners of one country refer nobody in another (ISO 3166, two letters).

    Raises AlreadyExcluded.
    """
    actor.require(OPERATE_STANDING)
    try:
        with transaction.atomic():
            row = ReferralExclusion.objects.create(
                partner_country=partner_country, customer_country=customer_country
            )
    except IntegrityError as error:
        raise AlreadyExcluded from error
    audit.services.record(actor, "customers.referral_exclusion.added", row, after=_described(row))
    return row


@transaction.atomic(durable=True)
def end(actor: Actor, exclusion_id: int) -> None:
    """Allow Referral between the two countries again. Raises NotFound."""
    actor.require(OPERATE_STANDING)
    row = ReferralExclusion.objects.select_for_update().filter(pk=exclusion_id).first()
    if row is None:
        raise NotFound
    audit.services.record(actor, "customers.referral_exclusion.ended", row, before=_described(row))
    row.delete()


def _described(row: ReferralExclusion) -> dict[str, str]:
    return {
        "partner_country": str(row.partner_country),
        "customer_country": str(row.customer_country),
    }
