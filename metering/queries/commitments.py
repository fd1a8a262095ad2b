"""How much of what customers committed to was used: reserved instances and savings plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.choices import BillingMode
from partner_center import money
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from resources.models import CloudResource

from ..models import ReservedUse, SavingsUse
from ..permissions import VIEW_OWN_BILLS
from ..rules.explaining import plain

_HOUR = timedelta(hours=1)
_RESERVED = (BillingMode.RESERVED_UPFRONT, BillingMode.RESERVED_HOURLY)


@dataclass(frozen=True)
class Utilization:
    """Of the clock hours of this billing cycle so far; in hours, of a savings plan in USD."""

    used: Decimal
    available: Decimal
    is_money: bool

    @property
    def words(self) -> str:
        """``50%: 12 of 24 hours``."""
        facts = {
            "percent": money.percent(self.used, self.available),
            "used": plain(self.used),
            "available": plain(self.available),
        }
        if self.is_money:
            return _("%(percent)s%%: %(used)s of %(available)s USD, at the plan’s prices") % facts
        return _("%(percent)s%%: %(used)s of %(available)s hours") % facts


def utilization(actor: Actor, resource: CloudResource, moment: datetime) -> Utilization | None:
    """Of a resource that the actor may see; None for other resources and before the first hour.

    One query, and only for reserved instances and savings plans (04-RES-01).
    """
    if not actor.can(VIEW_OWN_BILLS) or not (each := _each_hour(resource)):
        return None
    first, last = _hours(resource, moment)
    if first >= last:
        return None
    is_money = resource.mode == BillingMode.SAVINGS_PLAN
    uses = (SavingsUse if is_money else ReservedUse).objects.filter(
        resource=resource, hour__gte=first, hour__lt=last
    )
    used = uses.aggregate(used=Sum("used", default=Decimal(0)))["used"]
    return Utilization(used, each * ((last - first) // _HOUR), is_money)


def _each_hour(resource: CloudResource) -> Decimal:
    """What it gives in an hour; 0 for what is no commitment."""
    if resource.mode in _RESERVED:
        return Decimal(resource.quantity)
    if resource.mode == BillingMode.SAVINGS_PLAN:
        return (resource.product.commitment or Decimal(0)) * resource.quantity
    return Decimal(0)


def _hours(resource: CloudResource, moment: datetime) -> tuple[datetime, datetime]:
    """From the first clock hour to after the last one that it gives in."""
    first = max(resource.effective_at, BillingCycle.of(moment).start)
    ends = resource.released_at or resource.expires_at or moment
    last = min(ends, moment)
    whole = last.replace(minute=0, second=0, microsecond=0)
    return (
        first.replace(minute=0, second=0, microsecond=0),
        whole if whole == last else whole + _HOUR,
    )
