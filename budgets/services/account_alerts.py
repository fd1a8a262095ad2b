"""Alerts about the partner itself: its consumption quota, and whom it must still unfreeze."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import resellers.queries
from customers.queries.audience import users_beside
from notifications.message_types import PARTNER_BUDGET
from notifications.services import Telling
from notifications.services.telling import Fact
from partner_center import money

from ..choices import AlertKind
from ..message_types import PARTNER_QUOTA
from ..models import BudgetAlert
from ..queries import consumption, holds
from ..rules import consumption as rules
from ..rules import usage

#: Customers that a reminder names; the rest is counted.
NAMED = 20


def tellings(alert: BudgetAlert) -> Iterator[Telling]:
    """What is told of an alert without a customer, and to whom."""
    if alert.kind == AlertKind.QUOTA:
        yield from _of_quota(alert)
    else:
        yield from _of_turn(alert)


def _of_quota(alert: BudgetAlert) -> Iterator[Telling]:
    used_up = alert.threshold == rules.USED_UP
    words = {
        "percent": usage.percent(alert.used, alert.amount),
        "used": money.words(money.cut(alert.used, 8)),
        "amount": money.words(alert.amount),
        "used_up": used_up,
    }
    yield Telling(
        account_id=alert.account_id,
        type=PARTNER_QUOTA.code,
        key=alert.key,
        template="partner_quota",
        context=words,
        facts=_facts(alert),
        link=reverse("information:quota"),
        link_label=_("Consumption Quota"),
    )
    if used_up:
        for tie in resellers.queries.resellers_of(alert.account_id):
            yield _of_reseller(alert, tie.reseller_id)


def _of_reseller(alert: BudgetAlert, reseller_id: int) -> Telling:
    """Its customers cannot buy either; why is its distributor's affair, so no amounts (06-DX-12)."""
    return Telling(
        account_id=reseller_id,
        type=PARTNER_QUOTA.code,
        key=alert.key,
        template="partner_quota_distributor",
        context={"distributor": alert.account.title},
        link=reverse("customers:list"),
        link_label=_("Customer Management"),
    )


def _facts(alert: BudgetAlert) -> list[Fact]:
    left = consumption.QuotaUse(alert.amount, alert.used).remaining
    return [
        (_("Total Quota"), money.words(alert.amount)),
        (_("Used"), money.words(money.cut(alert.used, 8))),
        (_("Remaining"), money.words(money.cut(left or money.ZERO, 8))),
        (_("Quota Usage"), f"{usage.percent(alert.used, alert.amount)}%"),
        (_("Time"), alert.at),
    ]


def _of_turn(alert: BudgetAlert) -> Iterator[Telling]:
    """Whoever sees all customers is told of all that are still frozen; nobody when none is any more."""
    frozen = holds.frozen_customers(alert.account_id)
    names = list(frozen.values_list("customer__name", "freeze_state__state")[:NAMED])
    if not names:
        return
    context: dict[str, Any] = {
        "month": alert.period,
        "customers": [(name, holds.state_label(state)) for name, state in names],
        "more": max(frozen.count() - NAMED, 0),
    }
    yield Telling(
        account_id=alert.account_id,
        type=PARTNER_BUDGET.code,
        key=alert.key,
        template="partner_month_turn",
        context=context,
        link=f"{reverse('customers:list')}?view=frozen",
        link_label=_("Customer Management"),
        only_users=users_beside(alert.account_id, set()),
    )
