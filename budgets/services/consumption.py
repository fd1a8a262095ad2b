"""Consumption quotas: the operator sets them; the check tells their levels and holds the customers.

The check is restartable: what it finds out about a partner is written in one transaction, the holds of
its customers in portions after that. Killed anywhere, the next run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import audit.services
from accounts.locks import lock_account
from accounts.queries.actors import operator_job
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.critical import critical_operation
from partner_center.stale import fingerprint_of, refuse_stale

from ..choices import AlertKind, HoldOwner, Strength
from ..locks import lock_live
from ..models import BudgetAlert, ConsumptionQuota, PendingAlert
from ..permissions import OPERATE_QUOTAS
from ..queries import consumption as queries
from ..refusals import OnlyPayersHaveQuota
from ..rules import consumption as rules
from ..signals import quota_set
from . import holds

#: Fields that the operator's form shows and its fingerprint covers.
FIELDS = ("amount",)
#: Customers that one transaction locks.
AT_ONCE = 500
#: Kept with the records, in the language of the records.
USED_UP = "The consumption quota of the partner is used up"
LEFT_AGAIN = "The consumption quota of the partner is no longer used up"


@dataclass
class Outcome:
    """What a check did."""

    alerts: int = 0
    held: int = 0
    released: int = 0


@critical_operation("budgets.set_consumption_quota", _("Set the consumption quota of a partner"))
def set_quota(
    actor: Actor, account_id: int, *, values: Mapping[str, Any], seen: str
) -> ConsumptionQuota:
    """Set what a partner may owe (01-QTA-05), in USD.

    ``amount`` None: no limit. Spend counts from the billing cycle in which the quota is first set; what
    of it is settled, bills say (:func:`note_settled`). The level is found out at once, customers are
    held or released by the check that follows. Raises Stale, OnlyPayersHaveQuota.
    """
    actor.require(OPERATE_QUOTAS)
    account = lock_account(account_id)
    if not queries.has_quota(account.partner_kind):
        raise OnlyPayersHaveQuota(account.title)
    row, moment = queries.row_of(account_id), clock.now()
    refuse_stale(seen, fingerprint_of(row, FIELDS))
    before = {name: getattr(row, name) for name in FIELDS}
    after = {name: values[name] for name in FIELDS if name in values}
    if before == before | after:
        return row
    _set(actor, row, after, moment)
    return queries.row_of(account_id)


def raise_to(actor: Actor, account_id: int, least: Decimal, moment: datetime) -> bool:
    """Give a partner a quota of at least this much (USD): none or less becomes it (05-PMT-02).

    Whether it was changed: a higher quota stays, and so does one that the operator has set to no limit.
    Inside the transaction of the caller.
    """
    lock_account(account_id)
    row = queries.row_of(account_id)
    is_new = row._state.adding
    if not is_new and (row.amount is None or row.amount >= least):
        return False
    _set(actor, row, {"amount": least}, moment)
    return True


@transaction.atomic
def note_settled(account_id: int, *, settled: Decimal, prepaid: Decimal, moment: datetime) -> None:
    """Note what of a partner's spend is settled and what it has paid in advance, both in USD.

    ``settled``: the list price of the cycles since ``counts_from`` whose bills are paid, of partly paid
    ones the paid share. What was noted before is replaced, so the call may be repeated. Nothing is
    noted of a partner without a quota.
    """
    rows = ConsumptionQuota.objects.select_for_update().filter(pk=account_id)
    row = rows.first()
    if row is None or (row.settled, row.prepaid) == (settled, prepaid):
        return
    row.settled, row.prepaid = settled, prepaid
    row.save(update_fields=["settled", "prepaid"])
    _settle_level(account_id, moment)


def _set(actor: Actor, row: ConsumptionQuota, values: Mapping[str, Any], moment: datetime) -> None:
    """Write, record, let the bills note what is settled, and find out the level."""
    account_id, first = row.account_id, row._state.adding
    before = {name: getattr(row, name) for name in FIELDS}
    ConsumptionQuota.objects.update_or_create(
        account_id=account_id,
        defaults={**values, "set_at": moment},
        create_defaults={**values, "set_at": moment, "counts_from": str(BillingCycle.of(moment))},
    )
    audit.services.record(
        actor,
        "budgets.consumption_quota.set",
        row,
        before=None if first else _plain(before),
        after=_plain(values),
        account_id=account_id,
    )
    quota_set.send("budgets", account_id=account_id, moment=moment)
    _settle_level(account_id, moment)


def check(moment: datetime) -> Outcome:
    """Note and tell levels that were crossed, then hold and release customers (01-QTA-02, 04-BFM-11)."""
    outcome = Outcome()
    for account_id in queries.moved():
        with transaction.atomic(durable=True):
            outcome.alerts += _settle_level(account_id, moment)
    outcome.held = _in_portions(queries.to_hold, _hold, moment)
    outcome.released = _in_portions(queries.to_release, _release, moment)
    return outcome


def _plain(values: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def _settle_level(account_id: int, moment: datetime) -> bool:
    """Look again under the lock, note the level, and enter what is to be told; True when told."""
    rows = ConsumptionQuota.objects.select_for_update().filter(pk=account_id)
    row = rows.annotate(used_now=queries.used()).get()
    level = rules.level(row.used_now, row.amount)
    if level == row.level:
        return False
    told = level > row.level
    before, row.level = row.level, level
    # Once it has fallen, the next crossing is a new one.
    row.arming += 0 if told else 1
    row.restricted_since = moment if level == rules.USED_UP else None
    row.save(update_fields=["level", "arming", "restricted_since"])
    _record(row, before, moment)
    if told:
        _enter(row, moment)
    return told


def _record(row: ConsumptionQuota, before: int, moment: datetime) -> None:
    """The partner's books say when it was restricted, and when no longer."""
    if rules.USED_UP not in (before, row.level):
        return
    restricted = row.level == rules.USED_UP
    audit.services.record(
        operator_job("budgets.check_quotas"),
        "budgets.partner.restricted" if restricted else "budgets.partner.unrestricted",
        row,
        after={"used": str(row.used_now), "quota": str(row.amount), "at": moment.isoformat()},  # type: ignore[attr-defined]
        account_id=row.pk,
    )


def _enter(row: ConsumptionQuota, moment: datetime) -> None:
    alert = BudgetAlert.objects.create(
        account_id=row.pk,
        kind=AlertKind.QUOTA,
        threshold=row.level,
        arming=row.arming,
        amount=row.amount or Decimal(0),
        used=row.used_now,  # type: ignore[attr-defined]
        at=moment,
    )
    PendingAlert.objects.create(alert=alert)


# --- The customers -------------------------------------------------------------------------------


def _in_portions(
    found: Callable[[], QuerySet[Association]],
    act: Callable[[list[Association], datetime], int],
    moment: datetime,
) -> int:
    """Lock some customers, look again, act; returns how many were changed."""
    done = 0
    for keys in _keys(found):
        with transaction.atomic(durable=True):
            locked = lock_live(keys)
            still = set(found().filter(pk__in=keys).values_list("pk", flat=True))
            done += act([row for row in locked if row.pk in still], moment)
    return done


def _keys(found: Callable[[], QuerySet[Association]]) -> Iterator[list[int]]:
    last = 0
    while keys := list(
        found().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield keys
        last = keys[-1]


def _hold(associations: list[Association], moment: datetime) -> int:
    placed = holds.place(
        operator_job("budgets.check_quotas"),
        associations,
        owner=HoldOwner.QUOTA,
        strength=Strength.ACCOUNT,
        reason=USED_UP,
        moment=moment,
    )
    return len(placed)


def _release(associations: list[Association], moment: datetime) -> int:
    released = holds.release(
        operator_job("budgets.check_quotas"),
        associations,
        owners=[HoldOwner.QUOTA],
        origin=HoldOwner.QUOTA,
        reason=LEFT_AGAIN,
        moment=moment,
    )
    return len(released)
