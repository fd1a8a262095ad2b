"""Alerts of the ledger become messages: to the partner, its distributor, and the frozen customer.

The check enters an alert together with what it did; here the messages are queued, of many alerts in one
transaction, which also takes them from the queue. Killed anywhere, every message is queued once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from accounts.queries.actors import operator_job
from customers.models import Association
from customers.queries.audience import users_who_see_each
from notifications.message_types import PARTNER_BUDGET
from notifications.services import Telling, notify_each
from partner_center import money
from partner_center.actors import Actor
from resellers.queries import distributors_of

from ..choices import AlertKind, BudgetType, ExhaustionAction, FreezeStatus, Strength
from ..message_types import ACCOUNT_RESTRICTION
from ..models import BudgetAlert, FreezeHold, PendingAlert
from ..queries import alert_settings
from ..rules import freezing, usage
from . import account_alerts

#: Alerts that one transaction tells, and transactions of one run; the sweep goes on.
AT_ONCE, RUN = 500, 20
_TEMPLATES = {
    AlertKind.THRESHOLD: "partner_budget_threshold",
    AlertKind.FROZEN_AGAIN: "partner_budget_frozen_again",
    AlertKind.FORECAST: "partner_budget_forecast",
}


@dataclass(frozen=True)
class _Audience:
    """Who is told of a batch of alerts."""

    distributors: Mapping[int, Account]
    #: Accounts that want to be told nothing of forecasts.
    unwilling: Collection[int]
    #: Users who see a customer, by association and account.
    readers: Mapping[tuple[int, int], Collection[int]]


def tell_pending() -> int:
    """Queue the messages of alerts that wait; returns how many alerts were told.

    Any number of workers may do this at once.
    """
    actor, told = operator_job("budgets.tell_alerts"), 0
    for _transaction in range(RUN):
        if not (more := _tell_some(actor)):
            break
        told += more
    return told


@transaction.atomic(durable=True)
def _tell_some(actor: Actor) -> int:
    """Tell the oldest alerts that nobody else is telling."""
    waiting = PendingAlert.objects.select_for_update(skip_locked=True).order_by("pk")
    if not (keys := list(waiting.values_list("pk", flat=True)[:AT_ONCE])):
        return 0
    alerts = BudgetAlert.objects.filter(pk__in=keys).order_by("pk")
    notify_each(
        actor,
        _tellings(
            list(
                alerts.select_related("association__customer", "hold").prefetch_related(
                    "account", "association__account"
                )
            )
        ),
    )
    PendingAlert.objects.filter(pk__in=keys).delete()
    return len(keys)


def _tellings(alerts: Sequence[BudgetAlert]) -> Iterator[Telling]:
    audience = _audience([alert for alert in alerts if alert.association])
    for alert in alerts:
        if (association := alert.association) is None:
            yield from account_alerts.tellings(alert)
            continue
        for account_id in _told(alert, association, audience):
            yield _telling(alert, association, account_id, audience)
        if alert.hold:
            yield _telling_of_customer(alert, association, alert.hold)


def _audience(alerts: Sequence[BudgetAlert]) -> _Audience:
    distributors = distributors_of({alert.account_id for alert in alerts})
    accounts = {alert.account_id for alert in alerts} | {
        distributor.pk for distributor in distributors.values()
    }
    sides = {
        (association.pk, account_id)
        for alert in alerts
        if (association := alert.association)
        for account_id in _partners(association, distributors)
    }
    return _Audience(distributors, alert_settings.unwilling(accounts), users_who_see_each(sides))


def _told(alert: BudgetAlert, association: Association, audience: _Audience) -> list[int]:
    """Of forecasts those partners that want to be told (the switch is each account's own)."""
    partners = _partners(association, audience.distributors)
    if alert.kind != AlertKind.FORECAST:
        return partners
    return [account_id for account_id in partners if account_id not in audience.unwilling]


def _partners(association: Association, distributors: Mapping[int, Account]) -> list[int]:
    """The partner, and the distributor of a reseller (04-RCP-05)."""
    distributor = distributors.get(association.account_id)
    return [association.account_id, *([distributor.pk] if distributor else [])]


def _telling(
    alert: BudgetAlert, association: Association, account_id: int, audience: _Audience
) -> Telling:
    return Telling(
        account_id=account_id,
        type=PARTNER_BUDGET.code,
        key=alert.key,
        template=_TEMPLATES[AlertKind(alert.kind)],
        context=_words(alert, association),
        facts=_facts(alert, association),
        link=reverse("budgets:set", args=[association.pk]),
        link_label=gettext_lazy("Set Budget"),
        only_users=audience.readers[association.pk, account_id],
        urgent=True,
    )


def _telling_of_customer(alert: BudgetAlert, association: Association, hold: FreezeHold) -> Telling:
    state = freezing.frozen_as(hold.strength)
    return Telling(
        account_id=association.customer_id,
        type=ACCOUNT_RESTRICTION.code,
        key=alert.key,
        template="account_restriction",
        context={
            "partner": association.account.title,
            "state": state,
            "state_label": FreezeStatus(state).label,
        },
    )


def _words(alert: BudgetAlert, association: Association) -> dict[str, Any]:
    return {
        "customer": association.customer.title,
        "percent": usage.percent(alert.used, alert.amount),
        "budget_type": BudgetType(alert.budget_type).label,
        "used": money.number(money.cut(alert.used, 8)),
        "amount": money.number(alert.amount),
        "currency": "USD",
        "threshold": alert.threshold,
        "exhausts_on": alert.exhausts_on,
        "effect": effect(alert),
    }


def _facts(alert: BudgetAlert, association: Association) -> list[tuple[Any, Any]]:
    """What 04-RCP-05 asks every message to say."""
    facts: list[tuple[Any, Any]] = [
        (gettext_lazy("Partner"), association.account.title),
        (gettext_lazy("Customer"), association.customer.title),
        (gettext_lazy("Account Name"), association.customer.name),
        (gettext_lazy("Budget Type"), BudgetType(alert.budget_type).label),
        (gettext_lazy("Budget"), money.words(alert.amount)),
        (gettext_lazy("Used"), money.words(money.cut(alert.used, 8))),
        (gettext_lazy("Budget Usage"), f"{usage.percent(alert.used, alert.amount)}%"),
        (gettext_lazy("Time"), alert.at),
    ]
    return facts


def effect(alert: BudgetAlert) -> str:
    """What the alert has brought about, in one or two sentences."""
    if alert.hold:
        return _frozen(alert.hold.strength)
    if alert.threshold == usage.EXHAUSTED:
        return _(
            "Yearly/monthly products and reserved instances can no longer be bought; pay-per-use "
            "products can."
        )
    return {
        ExhaustionAction.MANUAL: _(
            "When it is used up, yearly/monthly products and reserved instances cannot be bought."
        ),
        ExhaustionAction.RESTRICT: _("When it is used up, the account will be frozen."),
        ExhaustionAction.RESTRICT_FREEZE: _(
            "When it is used up, the account and its resources will be frozen."
        ),
    }[ExhaustionAction(alert.action)]


def _frozen(strength: str) -> str:
    if strength == Strength.RESOURCES:
        return _(
            "The account and its resources are frozen. Raise the budget and unfreeze before the "
            "resources are released."
        )
    return _("The account is frozen; running pay-per-use resources still cost.")
