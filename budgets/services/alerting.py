"""Alerts of the ledger become messages: to the partner, its distributor, and the frozen customer.

The check enters an alert together with what it did; here its messages are queued, one alert in one
transaction, which also takes it from the queue. Killed anywhere, every message is queued once.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries.actors import operator_job
from customers.models import Association
from customers.queries.audience import users_who_see
from notifications.message_types import PARTNER_BUDGET
from notifications.services import notify
from partner_center import money
from partner_center.actors import Actor
from resellers.queries import distributor_of

from ..choices import AlertKind, BudgetType, ExhaustionAction, FreezeStatus, Strength
from ..message_types import ACCOUNT_RESTRICTION
from ..models import BudgetAlert, FreezeHold, PendingAlert
from ..queries import alert_settings
from ..rules import freezing, usage
from . import account_alerts

#: Alerts that one run tells; the sweep takes the rest.
RUN = 1_000
_TEMPLATES = {
    AlertKind.THRESHOLD: "partner_budget_threshold",
    AlertKind.FROZEN_AGAIN: "partner_budget_frozen_again",
    AlertKind.FORECAST: "partner_budget_forecast",
}


def tell_pending() -> int:
    """Queue the messages of alerts that wait, RUN at most; returns how many alerts were told."""
    actor = operator_job("budgets.tell_alerts")
    for told in range(RUN):
        if not _tell_next(actor):
            return told
    return RUN


@transaction.atomic(durable=True)
def _tell_next(actor: Actor) -> bool:
    """Tell the oldest alert that nobody else is telling."""
    waiting = PendingAlert.objects.select_for_update(skip_locked=True).order_by("pk")
    if (pending := waiting.first()) is None:
        return False
    alert = BudgetAlert.objects.select_related(
        "account", "association__customer", "association__account", "hold"
    ).get(pk=pending.pk)
    _tell(actor, alert)
    pending.delete()
    return True


def _tell(actor: Actor, alert: BudgetAlert) -> None:
    if (association := alert.association) is None:
        account_alerts.tell(actor, alert)
        return
    for account_id in _told(alert, association):
        notify(
            actor,
            account_id=account_id,
            type=PARTNER_BUDGET.code,
            key=alert.key,
            template=_TEMPLATES[AlertKind(alert.kind)],
            context=_words(alert, association),
            facts=_facts(alert, association),
            link=reverse("budgets:set", args=[association.pk]),
            link_label=gettext_lazy("Set Budget"),
            only_users=users_who_see(association, account_id=account_id),
            urgent=True,
        )
    if alert.hold:
        _tell_customer(actor, alert, association, alert.hold)


def _told(alert: BudgetAlert, association: Association) -> list[int]:
    """Of forecasts those partners that want to be told (the switch is each account's own)."""
    partners = _partners(association)
    if alert.kind != AlertKind.FORECAST:
        return partners
    unwilling = alert_settings.unwilling(partners)
    return [account_id for account_id in partners if account_id not in unwilling]


def _partners(association: Association) -> list[int]:
    """The partner, and the distributor of a reseller (04-RCP-05)."""
    distributor = distributor_of(association.account_id)
    return [association.account_id, *([distributor.pk] if distributor else [])]


def _tell_customer(
    actor: Actor, alert: BudgetAlert, association: Association, hold: FreezeHold
) -> None:
    state = freezing.frozen_as(hold.strength)
    notify(
        actor,
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
