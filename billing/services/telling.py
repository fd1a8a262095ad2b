"""What partners are told about their bills."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.queries.actors import operator_job
from notifications.services import Telling, notify_each

from ..message_types import BILL_ISSUED
from ..models import Bill, BillAccount

#: Name of the task that calls :func:`tell_issued`; by name, because services know no tasks.
TELL_TASK = "billing.tell_issued"
#: Bills told of in one transaction, by a number of statements that does not depend on theirs.
AT_ONCE = 100


def tell_issued(moment: datetime) -> int:
    """Tell the partners of every bill that nobody told them of yet (05-REP-01); how many.

    Safe to repeat, to kill and to run twice at once.
    """
    told = 0
    while some := _tell_some(moment):
        told += some
    return told


@transaction.atomic
def _tell_some(moment: datetime) -> int:
    rows = BillAccount.objects.filter(told_at=None).select_related("bill").order_by("pk")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    if not found:
        return 0
    notify_each(operator_job("bill run"), (_telling(state.bill) for state in found))
    BillAccount.objects.filter(pk__in=[state.pk for state in found]).update(told_at=moment)
    return len(found)


def _telling(bill: Bill) -> Telling:
    return Telling(
        account_id=bill.account_id,
        type=BILL_ISSUED.code,
        key=f"bill:{bill.pk}:issued",
        template="bill_issued",
        context={"bill": bill},
        link=f"{reverse('billing:bills')}?cycle={bill.cycle}",
        link_label=_("View the bill"),
    )
