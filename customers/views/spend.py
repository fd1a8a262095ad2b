"""The card Expenditure Summary on the page of one customer (04-CUD-07)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from metering.permissions import VIEW_EXPENDITURE
from metering.queries import cards
from partner_center import clock, money
from partner_center.actors import Actor

from ..models import Association


def card(actor: Actor, association: Association) -> dict[str, Any]:
    """What the card prints; nothing for those who may not see expenditure."""
    if not actor.can(VIEW_EXPENDITURE):
        return {}
    spend = cards.of_customer(actor, association, clock.now())
    return {
        "spend": spend,
        "spend_chart": _chart(spend),
        "spend_urls": _urls(spend, association.customer.name),
    }


def _urls(spend: cards.CustomerSpend, name: str) -> dict[str, str]:
    details, summary = reverse("expenditure:details"), reverse("expenditure:summary")
    last, this = spend.last_month[0], spend.this_month[0]
    return {
        "every": f"{details}?{urlencode({'q': name})}",
        "this_month": f"{details}?{urlencode({'q': name, 'cycle': this})}",
        "last_month": f"{details}?{urlencode({'q': name, 'cycle': last})}",
        "analysis": f"{summary}?{urlencode({'customer': name, 'spent_on': last})}",
    }


def _chart(spend: cards.CustomerSpend) -> dict[str, Any]:
    return {
        "categories": [cycle for cycle, _amount in spend.months],
        "currency": "$",
        "description": _("Expenditure of the last 12 months at list price, in USD."),
        "series": [
            {
                "name": _("Expenditure"),
                "values": [money.round_due(amount) for _cycle, amount in spend.months],
                "estimate": [len(spend.months) - 1],
            }
        ],
    }
