"""Three months of usage of the demo customers, so that the pages have figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from customers.models import Association, ManagerAssignment
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from resellers.models import ResellerAssociation

from ..simulating import fleet, sending
from ..simulating.rules import Reading
from .customers import CUSTOMERS

#: Whole months before the current one.
MONTHS = 3
SEED = 1
#: Servers that stood still, from so many days ago to so many: their partners are alerted.
RESTED = {
    "palawan-dive-server": (6, 0),
    "lakan-legal-server": (5, 0),
    "oasis-clinics-web-pool": (5, 0),
    "makiling-labs-server": (25, 18),
}
#: Partnerships of the demo world are older than its usage, by more than the month that nobody billed.
LEAD = timedelta(days=40)


def seed(operator: Actor) -> None:
    """Send the usage since the first day three months ago; records that are there are duplicates."""
    now = clock.now()
    begins = BillingCycle.of(now).plus(-MONTHS).start
    _date_partnerships_back(begins - LEAD)
    meters = fleet.meters(tuple(row[0] for row in CUSTOMERS))
    readings = sending.all_readings(meters, begins, now, SEED)
    sending.send(operator, (each for each in readings if not _rested(each, now)))


def _rested(reading: Reading, now: datetime) -> bool:
    """Whether the server stood still on the day of the reading, GMT+08:00."""
    since, until = RESTED.get(reading.meter.resource_id, (0, 0))
    ago = (clock.business_date(now) - clock.business_date(reading.started_at)).days
    return until < ago <= since


def _date_partnerships_back(moment: datetime) -> None:
    """Usage counts for the partner of its time: who works together now has done so for long."""
    names = [name for name, *_rest in fleet.FLEET]
    live = Association.objects.live().filter(customer__name__in=names)
    live.filter(associated_at__gt=moment).update(associated_at=moment)
    assignments = ManagerAssignment.objects.filter(association__in=live, ended_at=None)
    assignments.filter(started_at__gt=moment).update(started_at=moment)
    resellers = ResellerAssociation.objects.filter(ended_at=None, associated_at__gt=moment)
    resellers.update(associated_at=moment)
