"""What Customer Alerts add to the home page of partners (04-ALH-02, ALV-05)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from . import queries
from .permissions import VIEW_ALERTS


def alerts_card(actor: Actor) -> Card:
    """Alerts that wait for the actor, and all that wait for anybody."""
    if not actor.can(VIEW_ALERTS):
        return Card(_("Customer Alerts"), [])
    found = queries.counts(actor)
    return Card(
        _("Customer Alerts"),
        [
            Figure(
                _("Handle Alerts"),
                found.mine,
                Link("customer_alerts:handle", VIEW_ALERTS, "?status=unhandled"),
                basis=_("yours to handle"),
                bad=found.mine > 0,
            ),
            Figure(
                _("View Alerts"),
                found.every,
                Link("customer_alerts:view", VIEW_ALERTS, "?status=unhandled"),
                basis=_("all unhandled"),
            ),
        ],
    )


add_card(alerts_card, Audience.PARTNER, order=40)
