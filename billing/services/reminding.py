"""Bills that are due soon or overdue (05-REP-11, C-09): their state and the messages about them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

import audit.services
from accounts.queries.actors import operator_job

from ..choices import BillState
from ..models import BillAccount
from . import fund_messages, funds

#: How long before its due moment a partner is reminded of a bill.
AHEAD = timedelta(days=7)
_STILL_IN_TIME = (BillState.UNPAID, BillState.PARTIAL)


def mark_overdue(moment: datetime) -> int:
    """Bills whose due moment has passed are overdue, and their partners are told; how many now."""
    late = BillAccount.objects.filter(state__in=_STILL_IN_TIME, due_at__lte=moment)
    return sum(_mark(key, account, moment) for key, account in late.values_list("pk", "account_id"))


def remind(moment: datetime) -> int:
    """Tell partners of bills that are due within a week, once each; how many bills that concerns."""
    soon = BillAccount.objects.filter(
        state__in=_STILL_IN_TIME, due_at__gt=moment, due_at__lte=moment + AHEAD
    )
    rows = list(soon.select_related("bill").order_by("pk"))
    for state in rows:
        with transaction.atomic(durable=True):
            fund_messages.tell_due_soon(state)
    return len(rows)


@transaction.atomic(durable=True)
def _mark(bill_id: int, account_id: int, moment: datetime) -> bool:
    funds.lock(account_id)
    rows = BillAccount.objects.filter(pk=bill_id, state__in=_STILL_IN_TIME, due_at__lte=moment)
    state = rows.select_related("bill").select_for_update(of=("self",)).first()
    if state is None:
        return False
    state.state = BillState.OVERDUE
    state.save(update_fields=["state"])
    audit.services.record(
        operator_job("due bills"),
        "billing.bill.overdue",
        state.bill,
        after={"left": str(state.left)},
        account_id=account_id,
    )
    fund_messages.tell_overdue(state)
    return True
