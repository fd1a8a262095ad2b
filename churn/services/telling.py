"""Whoever handles alerts is told of them, once (04 "Messages": alert assigned).

Of those of the day after the daily evaluation; of those that are open already when a customer is
assigned to somebody else.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries.actors import operator_job
from customers.queries.audience import users_beside
from notifications.services import notify
from partner_center.actors import Actor

from .. import queries
from ..locks import lock_evaluation
from ..message_types import CUSTOMER_ALERTS
from ..models import Evaluation


def tell(day: date, moment: datetime) -> int:
    """Tell each handler how many alerts of this day wait; returns how many were told.

    One transaction each, under a key of its own: killed anywhere, nobody is told twice.
    """
    due = Evaluation.objects.filter(day=day, told_at=None).exclude(finished_at=None)
    if not due.exists():
        return 0
    actor = operator_job("churn.tell")
    handlers = list(queries.handlers_of(day))
    for account_id, manager_id, count in handlers:
        _tell(actor, account_id, manager_id, count, day)
    _note(day, moment)
    return len(handlers)


def tell_assigned(association_ids: Collection[int], manager: User, event: str) -> None:
    """Tell a new account manager how many alerts have come to it with these customers, if any has.

    In the transaction of the assignment; ``event`` names it, so that it is told once (04-ALH-01).
    """
    if count := queries.open_of(association_ids, manager.pk):
        notify(
            operator_job("churn.tell"),
            account_id=manager.account_id,
            type=CUSTOMER_ALERTS.code,
            key=f"customer-alerts:{event}",
            template="customer_alerts_assigned",
            context={"count": count},
            only_users={manager.pk},
            **_way(),
        )


@transaction.atomic(durable=True)
def _tell(actor: Actor, account_id: int, manager_id: int | None, count: int, day: date) -> None:
    notify(
        actor,
        account_id=account_id,
        type=CUSTOMER_ALERTS.code,
        key=f"customer-alerts:{day}:{manager_id or 'partner'}",
        template="customer_alerts",
        context={"count": count},
        only_users={manager_id} if manager_id else users_beside(account_id, set()),
        **_way(),
    )


def _way() -> dict[str, Any]:
    return {
        "link": f"{reverse('customer_alerts:handle')}?status=unhandled",
        "link_label": _("Handle Alerts"),
    }


@transaction.atomic(durable=True)
def _note(day: date, moment: datetime) -> None:
    run = lock_evaluation(day)
    run.told_at = moment
    run.save(update_fields=["told_at"])
