"""What metering adds to the home pages: spend of the month."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from .permissions import VIEW_EXPENDITURE
from .queries import cards


def spend_card(actor: Actor) -> Card:
    """The customers' expenditure of the running cycle, at list price."""
    link = Link("expenditure:summary", VIEW_EXPENDITURE)
    if not actor.can(VIEW_EXPENDITURE):
        return Card(_("Customer Expenditure"), [])
    moment = clock.now()
    total, spending = cards.of_month(actor, moment)
    amount = money.words(money.round_due(total))
    return Card(
        _("Customer Expenditure"),
        [
            Figure(_("Month to date"), amount, link),
            Figure(_("Customers with expenditure"), spending, link),
        ],
        basis=_("%(cycle)s, at list price; not your bill")
        % {"cycle": str(BillingCycle.of(moment))},
    )


add_card(spend_card, Audience.PARTNER, order=20)
