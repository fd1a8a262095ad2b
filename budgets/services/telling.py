"""Telling the customer and its partners that the shown state has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Association
from customers.queries.audience import users_who_see, users_who_see_each
from notifications.services import Telling, notify_each
from partner_center.actors import Actor

from ..choices import FreezeStatus, HoldOwner
from ..message_types import ACCOUNT_RESTRICTION, CUSTOMER_FREEZE
from ..models import FreezeRecord
from ..queries import control

#: Holds that partners are told of in other ways.
_UNTOLD = (HoldOwner.DEFAULT, HoldOwner.QUOTA)


@dataclass(frozen=True)
class Turn:
    """What the shown state of one customer has become; ``by_operator``: nobody but the operator still
    holds it."""

    association: Association
    record: FreezeRecord
    by_operator: bool


def tell_each(actor: Actor, turns: Sequence[Turn]) -> None:
    """Tell each customer, and of its partners those who did not do it themselves.

    A default freeze needs no message to the partner, which is told of the association; nor does the
    hold of a used-up quota, of which the partner is told once and not for each of its customers.
    """
    if not turns:
        return
    partners = {
        turn.record.pk: partners - {actor.account_id}
        for turn, partners in zip(
            turns, _partners_of([turn.association for turn in turns]), strict=True
        )
        if turn.record.origin not in _UNTOLD and not turn.association.ended_at
    }
    sides = {
        (turn.association.pk, partner_id)
        for turn in turns
        for partner_id in partners.get(turn.record.pk, ())
    }
    readers = users_who_see_each(sides)
    notify_each(
        actor,
        (
            telling
            for turn in turns
            for telling in (
                _to_customer(turn),
                *(
                    _to_partner(turn, partner_id, readers[turn.association.pk, partner_id])
                    for partner_id in sorted(partners.get(turn.record.pk, ()))
                ),
            )
        ),
    )


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
    to_customer = Telling(
        account_id=association.customer_id,
        type=ACCOUNT_RESTRICTION.code,
        key=key,
        template=template,
        context=words | {"to_customer": True},
    )
    [partners] = _partners_of([association])
    to_partners = [
        Telling(
            account_id=partner_id,
            type=CUSTOMER_FREEZE.code,
            key=key,
            template=template,
            context=words,
            link=reverse("customers:details", args=[association.pk]),
            link_label=_("Customer Details"),
            only_users=users_who_see(association, account_id=partner_id),
        )
        for partner_id in sorted(partners)
    ]
    notify_each(actor, [to_customer, *to_partners])


def _partners_of(associations: list[Association]) -> list[set[int]]:
    """Of each: the partner, and its distributor while that controls the customer."""
    controllers = control.controllers_of(associations)
    return [
        {association.account_id}
        | ({controller[1]} if (controller := controllers[association.pk]) else set())
        for association in associations
    ]


def _to_customer(turn: Turn) -> Telling:
    return Telling(
        account_id=turn.association.customer_id,
        type=ACCOUNT_RESTRICTION.code,
        key=f"freeze:{turn.record.pk}",
        template="account_restriction",
        context=_words(turn.association, turn.record) | {"by_operator": turn.by_operator},
    )


def _to_partner(turn: Turn, partner_id: int, readers: Collection[int]) -> Telling:
    return Telling(
        account_id=partner_id,
        type=CUSTOMER_FREEZE.code,
        key=f"freeze:{turn.record.pk}",
        template="customer_freeze",
        context=_words(turn.association, turn.record),
        link=reverse("customers:details", args=[turn.association.pk]),
        link_label=_("Customer Details"),
        only_users=readers,
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
