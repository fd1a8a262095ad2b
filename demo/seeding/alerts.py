"""Customer alerts of the demo: some wait to be handled, one is handled. Who rested: seeding.usage."""

from __future__ import annotations

from datetime import timedelta

from accounts.queries.actors import actor_for
from churn.models import CustomerAlert
from churn.services import evaluating, handling, telling
from customers.models import ManagerAssignment
from partner_center import clock
from partner_center.actors import Actor

#: Came back, which its account manager has found out.
CAME_BACK = "makiling-labs"
DAYS_AGO = 18


def seed(operator: Actor) -> None:
    """Evaluate a day of this month and today, and handle what is known by now."""
    now = clock.now()
    today = clock.business_date(now)
    past = timedelta(days=DAYS_AGO)
    evaluating.evaluate(today - past, now - past)
    _handle()
    evaluating.evaluate(today, now)
    telling.tell(today, now)


def _handle() -> None:
    waiting = CustomerAlert.objects.open().filter(association__customer__name=CAME_BACK).first()
    live = ManagerAssignment.objects.live().select_related("manager__account")
    found = live.filter(association=waiting.association_id).first() if waiting else None
    if waiting is None or found is None:
        return
    answer = handling.Answer(
        lost=False, answer="other", text="Moved its booking system, usage is back since Monday"
    )
    handling.process(actor_for(found.manager), waiting.pk, answer=answer)
