"""What an open cycle comes to so far: sums of the same settlements that the run writes lines from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from metering.services import statements
from partner_center.clock import BillingCycle

from ..models import BillRun
from . import settlement

#: One refresh at a time.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.estimate'), hashtext(%(cycle)s))"
_FORGET = "DELETE FROM billing_estimatesum WHERE cycle = %(cycle)s"
_ADD_UP = """
INSERT INTO billing_estimatesum (account_id, cycle, customer_id, partner_id, service_type_id, product_id,
    region_id, mode, bill_type, settlement, percent, unit_price, lines, list_amount, settled,
    refreshed_at)
SELECT payer_id, cycle, customer_id, partner_id, service_type_id, product_id, region_id, mode, bill_type,
    settlement, percent, unit_price, count(*), sum(list_amount), sum(settled), %(moment)s
FROM ({rated}) s
GROUP BY payer_id, cycle, customer_id, partner_id, service_type_id, product_id, region_id, mode,
    bill_type, settlement, percent, unit_price
"""


def refresh_due(moment: datetime) -> None:
    """Refresh the estimates of the running cycle and of the one before it until that is billed."""
    running = BillingCycle.of(moment)
    for cycle in (running.previous(), running):
        if not BillRun.objects.filter(cycle=str(cycle)).exists():
            refresh(cycle, moment)


@transaction.atomic
def refresh(cycle: BillingCycle, moment: datetime) -> int:
    """Compute the estimates of all partners anew; how many sums there are (05-BQY-06)."""
    parameters = {"cycle": str(cycle), "moment": moment}
    statements.run(_LOCK, parameters)
    statements.run(_FORGET, parameters)
    settlement.find_terms({"cycle": str(cycle)})
    return statements.run(_ADD_UP.format(rated=settlement.rated_of_all()), parameters)
