"""Whoever handles alerts is told of them, once (04 "Messages": alert assigned).

Of those of the day after the daily evaluation; of those that are open already when a customer is
assigned to somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries.actors import operator_job
from customers.queries.audience import users_beside_nobody
from notifications.services import Telling, notify, notify_each

from .. import queries
from ..locks import lock_evaluation
from ..message_types import CUSTOMER_ALERTS
from ..models import Evaluation

#: Handlers that one transaction tells.
AT_ONCE = 1_000


def tell(day: date, moment: datetime) -> int:
    """Tell each handler how many alerts of this day wait; returns how many were told.

    Portions of them, a transaction each; whoever was told has the key of the day, so that killed
    anywhere, or run twice at once, nobody is told twice and nobody is left out.
    """
    due = Evaluation.objects.filter(day=day, told_at=None).exclude(finished_at=None)
    if not due.exists():
        return 0
    handlers = list(queries.handlers_of(day))
    for start in range(0, len(handlers), AT_ONCE):
        _tell_some(handlers[start : start + AT_ONCE], day)
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
def _tell_some(handlers: Sequence[queries.Handler], day: date) -> None:
    """Some of them, by a fixed number of statements."""
    unassigned = {account_id for account_id, manager_id, _count in handlers if not manager_id}
    readers = users_beside_nobody(unassigned)
    notify_each(
        operator_job("churn.tell"),
        (
            Telling(
                account_id=account_id,
                type=CUSTOMER_ALERTS.code,
                key=f"customer-alerts:{day}:{manager_id or 'partner'}",
                template="customer_alerts",
                context={"count": count},
                only_users={manager_id} if manager_id else readers[account_id],
                **_way(),
            )
            for account_id, manager_id, count in handlers
        ),
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
