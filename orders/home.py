"""What orders and resources add to the customer's home page: what it has, what waits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center import clock
from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience
from resources.permissions import VIEW_RESOURCES

from .permissions import BUY
from .queries import mine


def console_card(actor: Actor) -> Card:
    """How much runs, what expires within a week, and which orders wait to be paid."""
    if not (actor.can(VIEW_RESOURCES) or actor.can(BUY)):
        return Card(_("Console"), [])
    found = mine.home_figures(actor, clock.now())
    return Card(
        _("Console"),
        [
            Figure(_("Resources"), found.resources, Link("console:resources", VIEW_RESOURCES)),
            Figure(
                _("Expire within 7 days"),
                found.expiring,
                Link("console:renewals", BUY),
                bad=found.expiring > 0,
            ),
            Figure(
                _("Orders to be paid"),
                found.pending,
                Link("console:orders", BUY, "?status=pending"),
                bad=found.pending > 0,
            ),
        ],
    )


add_card(console_card, Audience.CUSTOMER, order=20)
