"""What partners are told about their bills."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import notifications.services
from accounts.queries.actors import operator_job

from ..message_types import BILL_ISSUED
from ..models import Bill


def tell_issued(bill: Bill) -> None:
    """The bill of the 5th is there (05-REP-01)."""
    notifications.services.notify(
        operator_job("bill run"),
        account_id=bill.account_id,
        type=BILL_ISSUED.code,
        key=f"bill:{bill.pk}:issued",
        template="bill_issued",
        context={"bill": bill},
        link=f"{reverse('billing:bills')}?cycle={bill.cycle}",
        link_label=_("View the bill"),
    )
