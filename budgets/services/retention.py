"""The end of retention after freezing: resources are released, the account stays frozen (04 D-18)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

import audit.services
from customers.models import Association
from partner_center.actors import Actor
from resources.services import life

from ..choices import FreezeAction, FreezeStatus, HoldOwner, Strength
from ..locks import lock_by_customer
from ..models import FreezeHold, FreezeRecord
from ..queries import guard, holds
from . import telling

#: Days before the release on which customer and partner are reminded; ascending.
REMINDERS = (1, 3, 7)
#: Kept with the record, in the language of the records.
RETENTION_ENDED = "The retention period of the frozen resources has ended"


def release_due(moment: datetime) -> int:
    """Release the resources of customers whose retention has ended; returns of how many customers.

    Where several holds freeze the resources, none is released before the last of them says so.
    """
    ends = FreezeHold.objects.filter(released_at=None, strength=Strength.RESOURCES)
    due = ends.values("association__customer_id").annotate(end=Max("retention_until"))
    customers = due.filter(end__lte=moment).values_list("association__customer_id", flat=True)
    return sum(_release(customer_id, moment) for customer_id in list(customers))


def remind(moment: datetime) -> int:
    """Tell customer and partner 7, 3 and 1 days before the release, once each; returns how many."""
    ends = FreezeHold.objects.filter(released_at=None, strength=Strength.RESOURCES)
    soon = ends.values("association_id").annotate(end=Max("retention_until"))
    soon = soon.filter(end__gt=moment, end__lte=moment + timedelta(days=REMINDERS[-1]))
    found = dict(soon.values_list("association_id", "end"))
    rows = Association.objects.live().filter(pk__in=found).select_related("customer", "account")
    for association in rows.order_by("pk"):
        left = found[association.pk] - moment
        days = next(days for days in REMINDERS if left <= timedelta(days=days))
        _remind(association, found[association.pk], days)
    return len(found)


@transaction.atomic
def _release(customer_id: int, moment: datetime) -> bool:
    association = lock_by_customer(customer_id)
    if association is None:
        return False
    live = list(holds.live_holds([association.pk]))
    end = guard.release_at(live)
    if end is None or end > moment:
        return False
    actor = Actor.system("budgets.end_retention", association.account_id, association.account.title)
    released = life.release_frozen(customer_id, moment)
    _weaken([hold for hold in live if hold.strength == Strength.RESOURCES], moment)
    record = FreezeRecord.objects.create(
        account_id=association.account_id,
        association=association,
        action=FreezeAction.RELEASE_RESOURCES,
        before=FreezeStatus.RESOURCES,
        after=FreezeStatus.ACCOUNT,
        origin=HoldOwner.SYSTEM,
        reason=RETENTION_ENDED,
        actor_name=actor.name,
        at=moment,
    )
    _audit(actor, association, released)
    telling.tell_released(actor, association, record, released)
    return True


def _weaken(strong: list[FreezeHold], moment: datetime) -> None:
    """Replace holds on account and resources by holds of the same owners on the account."""
    FreezeHold.objects.filter(pk__in=[hold.pk for hold in strong]).update(released_at=moment)
    FreezeHold.objects.bulk_create(
        FreezeHold(
            account_id=hold.account_id,
            association_id=hold.association_id,
            owner=hold.owner,
            strength=Strength.ACCOUNT,
            reason=hold.reason,
            placed_by_id=hold.placed_by_id,
            placed_at=moment,
            after_release=True,
        )
        for hold in strong
    )


def _audit(actor: Actor, association: Association, released: int) -> None:
    for account_id in sorted({association.account_id, association.customer_id}):
        audit.services.record(
            actor,
            "budgets.customer.resources_released",
            association,
            before={"state": str(FreezeStatus.RESOURCES)},
            after={"state": str(FreezeStatus.ACCOUNT), "released": released},
            account_id=account_id,
        )


@transaction.atomic
def _remind(association: Association, end: datetime, days: int) -> None:
    actor = Actor.system("budgets.end_retention", association.account_id, association.account.title)
    telling.tell_release_ahead(actor, association, end, days)
