"""A discount that Tidemark granted to its customer of the Referral model, and then raised."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from accounts.queries.actors import actor_for
from customers.models import Association, DiscountRecord
from customers.services.discounts import Setting, set_discounts
from partner_center import clock
from partner_center.actors import Actor

CUSTOMER = "bulan-media"
#: Percent, one after the other.
STEPS = (5, 8)
DAYS = 90


def seed(operator: Actor) -> None:
    """Grant what was not granted yet; nothing without the customer."""
    association = Association.objects.live().filter(customer__name=CUSTOMER).first()
    if not association:
        return
    partner = User.objects.select_related("account").get(
        account_id=association.account_id, is_main=True
    )
    done = DiscountRecord.objects.visible_to(actor_for(partner)).count()
    today = clock.business_date(clock.now())
    for percent in STEPS[done:]:
        setting = Setting(percent, today, today + timedelta(days=DAYS))
        set_discounts(actor_for(partner), [association.pk], setting=setting)
