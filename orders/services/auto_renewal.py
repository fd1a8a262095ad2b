"""Auto-renewal: switching it, its settings, and the renewals that come by themselves (API B.25 to B.27).

A resource is tried from the day of deduction on at 03:00 GMT+08:00, once a day until it is renewed or
its term ends. That a day was tried is written in the transaction of the attempt.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

import audit.services
from catalog.choices import Period
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE, business_date
from partner_center.refusals import NotFound, Refusal
from resources.choices import ExpiryPolicy, ResourceStatus
from resources.locks import lock_of_account
from resources.models import CloudResource, RenewalSettings
from resources.queries import reach
from resources.rules.terms import LAST_DAY, deduction_begins

from ..choices import OrderSource
from ..locks import lock_customer
from ..models import AutoRenewalAttempt, CustomerOrder
from ..permissions import BUY
from ..queries import baskets, held
from ..refusals.buying import NoAutoRenewal, NotRenewable, SettingUnknown
from . import renewing, telling

DEDUCTION_DAYS = range(2, 8)
EXPIRY_DAYS = (LAST_DAY, *range(1, 29))
#: Hour of the day, GMT+08:00, from which on auto-renewal is tried.
FIRST_HOUR = 3


@transaction.atomic(durable=True)
def switch_on(
    actor: Actor, resource_id: int, *, times: int | None = None, period: str = ""
) -> CloudResource:
    """Renew a resource by itself; ``times`` 0: without limit, None: as it is (API B.25).

    ``period`` is the last order's when empty; what has a fixed term is renewed for that. Raises
    NotFound, NotMain, WrongMode, NotRenewable.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    (resource,) = lock_of_account(actor.account_id, [resource_id])
    held.refuse_attached(resource)
    held.refuse_unrenewable(resource, clock.now())
    if resource.status == ResourceStatus.EXPIRED or resource.is_frozen:
        raise NotRenewable(str(resource))
    is_new = resource.expiry_policy != ExpiryPolicy.AUTO_RENEW
    if times is not None:
        resource.auto_renewals_left = times or None
    elif is_new:
        resource.auto_renewals_left = None
    if fixed := baskets.fixed_term(resource.product):
        resource.auto_renew_period = fixed[0]
    elif period or is_new:
        resource.auto_renew_period = period or resource.period or Period.MONTH
    _set_policy(actor, resource, ExpiryPolicy.AUTO_RENEW)
    return resource


@transaction.atomic(durable=True)
def switch_off(actor: Actor, resource_id: int) -> CloudResource:
    """Renew a resource no more by itself. Raises NotFound, NoAutoRenewal."""
    actor.require(BUY)
    lock_customer(actor.account_id)
    (resource,) = lock_of_account(actor.account_id, [resource_id])
    if resource.expiry_policy != ExpiryPolicy.AUTO_RENEW:
        raise NoAutoRenewal(str(resource))
    resource.auto_renewals_left, resource.auto_renew_period = None, ""
    _set_policy(actor, resource, ExpiryPolicy.RETAIN)
    return resource


@transaction.atomic(durable=True)
def set_rules(
    actor: Actor, *, deduction_days: int | None = None, expiry_day: int | None = None
) -> RenewalSettings:
    """Set when renewals are paid (2 to 7 days before expiry) and the common day of expiry (1 to 28,
    -1 the last of the month, 0 none); what is None stays. Raises SettingUnknown.
    """
    actor.require(BUY)
    _require_known(deduction_days, expiry_day)
    lock_customer(actor.account_id)
    found, _is_new = RenewalSettings.objects.get_or_create(account_id=actor.account_id)
    before = _as_json(found)
    found.deduction_days = found.deduction_days if deduction_days is None else deduction_days
    found.expiry_day = found.expiry_day if expiry_day is None else (expiry_day or None)
    found.save(update_fields=["deduction_days", "expiry_day"])
    audit.services.record(
        actor, "orders.renewal.rules_set", found, before=before, after=_as_json(found)
    )
    return found


def renew_due(moment: datetime) -> int:
    """Try the renewals whose time has come and that were not tried today; how many were renewed."""
    if moment.astimezone(BUSINESS_ZONE).hour < FIRST_HOUR:
        return 0
    return sum(_try(pk, account_id, moment) for pk, account_id in _due(moment))


def _due(moment: datetime) -> list[tuple[int, int]]:
    today = business_date(moment)
    tried = AutoRenewalAttempt.objects.filter(resource=OuterRef("pk"), day=today)
    rows = CloudResource.objects.existing().filter(
        ~Exists(tried),
        expiry_policy=ExpiryPolicy.AUTO_RENEW,
        status__in=[ResourceStatus.RUNNING, ResourceStatus.STOPPED],
        expires_at__gt=moment,
        expires_at__lte=moment + timedelta(days=DEDUCTION_DAYS[-1] + 1),
        parent=None,
    )
    return list(rows.order_by("pk").values_list("pk", "account_id"))


@transaction.atomic
def _try(pk: int, account_id: int, moment: datetime) -> bool:
    """Renew one resource, or write and tell why not; False when it is not its turn."""
    lock_customer(account_id)
    try:
        (resource,) = lock_of_account(account_id, [pk])
    except NotFound:
        return False
    if not _is_its_turn(resource, moment):
        return False
    actor = Actor.system("orders.renew_due", account_id, resource.account.title)
    order, refusal = _attempt(actor, resource, moment)
    AutoRenewalAttempt.objects.create(
        account_id=account_id,
        resource=resource,
        day=business_date(moment),
        order=order,
        failure=refusal.sentence[:500] if refusal else "",
        attempted_at=moment,
    )
    if refusal:
        telling.tell_renewal_failed(actor, resource, refusal, business_date(moment))
    return order is not None


def _is_its_turn(resource: CloudResource, moment: datetime) -> bool:
    if resource.expiry_policy != ExpiryPolicy.AUTO_RENEW or resource.expires_at is None:
        return False
    day = business_date(moment)
    if AutoRenewalAttempt.objects.filter(resource=resource, day=day).exists():
        return False
    days = reach.settings_of(resource.account_id).deduction_days
    return deduction_begins(resource.expires_at, days) <= moment < resource.expires_at


def _attempt(
    actor: Actor, resource: CloudResource, moment: datetime
) -> tuple[CustomerOrder | None, Refusal | None]:
    """The paid order, or the refusal; then nothing of the order is left."""
    chosen = (resource.auto_renew_period or Period.MONTH, 1)
    period, count = baskets.fixed_term(resource.product) or chosen
    try:
        with transaction.atomic():
            order = renewing.write(
                actor, resource.pk, period, count, moment, source=OrderSource.SYSTEM
            )
            renewing.pay_by_itself(actor, order, moment)
    except Refusal as refusal:
        return None, refusal
    _count_down(resource)
    return order, None


def _count_down(resource: CloudResource) -> None:
    """One renewal less; after the last the resource is retained like any other."""
    if resource.auto_renewals_left is None:
        return
    resource.auto_renewals_left -= 1
    if not resource.auto_renewals_left:
        resource.auto_renewals_left, resource.auto_renew_period = None, ""
        resource.expiry_policy = ExpiryPolicy.RETAIN
    resource.save(update_fields=["auto_renewals_left", "auto_renew_period", "expiry_policy"])


def _set_policy(actor: Actor, resource: CloudResource, policy: ExpiryPolicy) -> None:
    before = resource.expiry_policy
    resource.expiry_policy, resource.updated_at = policy, clock.now()
    resource.save(
        update_fields=["expiry_policy", "auto_renewals_left", "auto_renew_period", "updated_at"]
    )
    audit.services.record(
        actor,
        "orders.resource.expiry_policy_set",
        resource,
        before={"expiry_policy": str(before)},
        after={"expiry_policy": str(policy), "renewals_left": resource.auto_renewals_left},
    )


def _require_known(deduction_days: int | None, expiry_day: int | None) -> None:
    if deduction_days is not None and deduction_days not in DEDUCTION_DAYS:
        raise SettingUnknown(_("Enter 2 to 7 days before expiry."), "deduction_days")
    if expiry_day not in (None, 0, *EXPIRY_DAYS):
        raise SettingUnknown(
            _("Enter a day from 1 to 28, or the last day of the month."), "expiry_day"
        )


def _as_json(found: RenewalSettings) -> dict[str, int | None]:
    return {"deduction_days": found.deduction_days, "expiry_day": found.expiry_day}
