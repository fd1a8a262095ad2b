"""Telling the customer and its partners that the shown state has changed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Association
from customers.queries.audience import users_who_see
from notifications.services import notify
from partner_center.actors import Actor

from ..choices import FreezeStatus, HoldOwner
from ..message_types import ACCOUNT_RESTRICTION, CUSTOMER_FREEZE
from ..models import FreezeRecord
from ..queries import control


def tell(
    actor: Actor, association: Association, record: FreezeRecord, *, by_operator: bool
) -> None:
    """Tell the customer, and of its partners those who did not do it themselves.

    A default freeze needs no message to the partner, which is told of the association; nor does the
    hold of a used-up quota, of which the partner is told once and not for each of its customers.
    ``by_operator``: nobody but the operator still holds the customer.
    """
    _tell_customer(actor, association, record, by_operator)
    if record.origin in (HoldOwner.DEFAULT, HoldOwner.QUOTA) or association.ended_at:
        return
    for partner_id in _partners(association) - {actor.account_id}:
        _tell_partner(actor, association, record, partner_id)


def tell_released(
    actor: Actor, association: Association, record: FreezeRecord, released: int
) -> None:
    """The retention has ended: resources are released, data is deleted, the account stays frozen."""
    words = _words(association, record) | {"released": released}
    _tell_both(actor, association, f"released:{record.pk}", "resources_released", words)


def tell_release_ahead(actor: Actor, association: Association, end: datetime, days: int) -> None:
    """Frozen resources are released in so many days; told once for each end and number of days."""
    words = {
        "customer": association.customer.title,
        "partner": association.account.title,
        "days": days,
        "end": end,
        "pay_per_use_only": settings.FREEZE_PAY_PER_USE_ONLY,
    }
    key = f"release:{association.pk}:{end:%Y%m%d%H%M%S}:{days}"
    _tell_both(actor, association, key, "release_ahead", words)


def _tell_both(
    actor: Actor, association: Association, key: str, template: str, words: dict[str, object]
) -> None:
    notify(
        actor,
        account_id=association.customer_id,
        type=ACCOUNT_RESTRICTION.code,
        key=key,
        template=template,
        context=words | {"to_customer": True},
    )
    for partner_id in _partners(association):
        notify(
            actor,
            account_id=partner_id,
            type=CUSTOMER_FREEZE.code,
            key=key,
            template=template,
            context=words,
            link=reverse("customers:details", args=[association.pk]),
            link_label=_("Customer Details"),
            only_users=users_who_see(association, account_id=partner_id),
        )


def _partners(association: Association) -> set[int]:
    """The partner, and its distributor while that controls the customer."""
    controller = control.controllers_of([association])[association.pk]
    return {association.account_id} | ({controller[1]} if controller else set())


def _tell_customer(
    actor: Actor, association: Association, record: FreezeRecord, by_operator: bool
) -> None:
    notify(
        actor,
        account_id=association.customer_id,
        type=ACCOUNT_RESTRICTION.code,
        key=f"freeze:{record.pk}",
        template="account_restriction",
        context=_words(association, record) | {"by_operator": by_operator},
    )


def _tell_partner(
    actor: Actor, association: Association, record: FreezeRecord, partner_id: int
) -> None:
    notify(
        actor,
        account_id=partner_id,
        type=CUSTOMER_FREEZE.code,
        key=f"freeze:{record.pk}",
        template="customer_freeze",
        context=_words(association, record),
        link=reverse("customers:details", args=[association.pk]),
        link_label=_("Customer Details"),
        only_users=users_who_see(association, account_id=partner_id),
    )


def _words(association: Association, record: FreezeRecord) -> dict[str, object]:
    return {
        "customer": association.customer.title,
        "partner": association.account.title,
        "state": record.after,
        "state_label": FreezeStatus(record.after).label,
        "origin": HoldOwner(record.origin).label,
        "reason": record.reason,
        "ended": association.ended_at is not None,
        "pay_per_use_only": settings.FREEZE_PAY_PER_USE_ONLY,
    }
