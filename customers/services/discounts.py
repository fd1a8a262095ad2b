"""Partner discounts for customers of the Referral model (04 §8.3.1.8).

A discount is never changed in place: a new setting closes the row and opens the next, so that every
amount that was ever granted can be explained. Days are days in GMT+08:00, both included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
from notifications.services import notify
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation

from ..choices import AssociationModel, DiscountAction
from ..locks import lock_own_associations
from ..message_types import DISCOUNT_EXPIRED
from ..models import Association, DiscountRecord, PartnerDiscount
from ..permissions import SET_DISCOUNTS
from ..queries import discounts as reads
from ..refusals import (
    DiscountForReseller,
    NoDiscount,
    NothingToAssign,
    WrongDiscount,
)
from ..rules.discounts import find_wrong

#: Message type of customers (accounts.customer_messages).
TO_CUSTOMER = "customer.discount"


@dataclass(frozen=True)
class Setting:
    """A discount as the form says it; 0 percent deletes."""

    percent: int
    starts_on: date
    ends_on: date


@critical_operation("customers.set_discounts", _("Set discounts"))
def set_discounts(actor: Actor, association_ids: Iterable[int], *, setting: Setting) -> int:
    """Give all these customers the same discount, or take it from them; returns how many.

    All or nothing. Raises NoDiscountTerms, NoDiscountCountry, DiscountForReseller, WrongDiscount,
    NoDiscount, NothingToAssign, NotFound.
    """
    actor.require(SET_DISCOUNTS)
    maximum = reads.maximum_of(actor)
    associations = lock_own_associations(actor, association_ids)
    if not associations:
        raise NothingToAssign
    moment = clock.now()
    for association in associations:
        _set_one(actor, association, setting, maximum=maximum, moment=moment)
    return len(associations)


def expire(moment: datetime) -> int:
    """Close discounts whose last day is over and tell both sides; returns how many. Repeatable.

    Each discount is a transaction of its own, so that a killed run is finished by the next one.
    """
    today = clock.business_date(moment)
    due = PartnerDiscount.objects.filter(closed_at=None, ends_on__lt=today).order_by("pk")
    return sum(_expire_one(pk, moment) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic(durable=True)
def _expire_one(discount_id: int, moment: datetime) -> bool:
    rows = PartnerDiscount.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("account", "association__customer")
    discount = rows.filter(pk=discount_id, closed_at=None).first()
    if discount is None:
        return False
    actor = Actor.system("discounts", discount.account_id, discount.account.name)
    _close(actor, discount, DiscountAction.EXPIRED, moment)
    for account_id in (discount.account_id, discount.association.customer_id):
        _tell(actor, discount, account_id, "discount_expired")
    return True


def _set_one(
    actor: Actor, association: Association, setting: Setting, *, maximum: int, moment: datetime
) -> None:
    if association.model != AssociationModel.REFERRAL:
        raise DiscountForReseller(association.customer.name)
    today = clock.business_date(moment)
    present = PartnerDiscount.objects.filter(association=association, closed_at=None).first()
    is_effective = present is not None and present.starts_on <= today <= present.ends_on
    wrong = find_wrong(
        percent=setting.percent,
        starts_on=setting.starts_on,
        ends_on=setting.ends_on,
        today=today,
        maximum=maximum,
        effective_since=present.starts_on if present and is_effective else None,
    )
    if wrong:
        raise WrongDiscount(wrong, maximum)
    if setting.percent == 0:
        _delete(actor, association, present, moment)
    else:
        _grant(actor, association, present, setting, moment)


def _delete(
    actor: Actor, association: Association, present: PartnerDiscount | None, moment: datetime
) -> None:
    if present is None:
        raise NoDiscount(association.customer.name)
    _close(actor, present, DiscountAction.DELETED, moment)


def _grant(
    actor: Actor,
    association: Association,
    present: PartnerDiscount | None,
    setting: Setting,
    moment: datetime,
) -> None:
    if present:
        present.closed_at = moment
        present.save(update_fields=["closed_at"])
    discount = PartnerDiscount.objects.create(
        account_id=association.account_id,
        association=association,
        percent=setting.percent,
        starts_on=setting.starts_on,
        ends_on=setting.ends_on,
        set_by_id=actor.user_id,
        set_at=moment,
    )
    action = DiscountAction.MODIFIED if present else DiscountAction.CREATED
    _record(actor, discount, action, moment, before=present)
    _tell(actor, discount, association.customer_id, "discount_granted")


def _close(
    actor: Actor, discount: PartnerDiscount, action: DiscountAction, moment: datetime
) -> None:
    discount.closed_at = moment
    discount.save(update_fields=["closed_at"])
    _record(actor, discount, action, moment, before=discount)


def _record(
    actor: Actor,
    discount: PartnerDiscount,
    action: DiscountAction,
    moment: datetime,
    *,
    before: PartnerDiscount | None,
) -> None:
    """The operation record of the page, and one audit record in each of the two books."""
    DiscountRecord.objects.create(
        account_id=discount.account_id,
        association_id=discount.association_id,
        action=action,
        percent=discount.percent,
        starts_on=discount.starts_on,
        ends_on=discount.ends_on,
        actor_name=actor.name,
        at=moment,
    )
    is_open = discount.closed_at is None
    for account_id in (discount.account_id, discount.association.customer_id):
        audit.services.record(
            actor,
            f"customers.discount.{action}",
            discount,
            before=_plain(before) if before else None,
            after=_plain(discount) if is_open else None,
            account_id=account_id,
        )


def _plain(discount: PartnerDiscount) -> dict[str, str]:
    return {
        "percent": str(discount.percent),
        "starts_on": discount.starts_on.isoformat(),
        "ends_on": discount.ends_on.isoformat(),
    }


def _tell(actor: Actor, discount: PartnerDiscount, account_id: int, template: str) -> None:
    """Tell one of the two sides, once for each discount and event."""
    is_customer = account_id == discount.association.customer_id
    notify(
        actor,
        account_id=account_id,
        type=TO_CUSTOMER if is_customer else DISCOUNT_EXPIRED.code,
        key=f"{template}:{discount.pk}",
        template=template,
        context={
            "partner": discount.account.title,
            "customer": discount.association.customer.title,
            "percent": discount.percent,
        },
        facts=[
            (_("Valid from"), f"{discount.starts_on:%b %d, %Y}"),
            (_("Valid until"), f"{discount.ends_on:%b %d, %Y}"),
        ],
        link=reverse("discounts:mine") if is_customer else reverse("discounts:records"),
        link_label=_("Partner Discounts") if is_customer else _("Operation Records"),
    )
