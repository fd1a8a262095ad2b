"""What orders and resources add to the customer's home page: what it has, what waits."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center import clock
from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, Todo, add_card, add_todos
from partner_center.permissions import Audience
from resources.permissions import VIEW_RESOURCES
from resources.queries import reach

from .permissions import BUY
from .queries import mine


def resources_card(actor: Actor) -> Card:
    """How much runs, and what expires within a week."""
    if not actor.can(VIEW_RESOURCES):
        return Card(_("Resources"), [])
    found = reach.counts_of(actor, clock.now())
    link = Link("console:resources", VIEW_RESOURCES)
    return Card(
        _("Resources"),
        [
            Figure(_("In use"), found.every, link),
            Figure(
                _("Expire within 7 days"),
                found.expiring,
                Link("console:renewals", BUY),
                bad=found.expiring > 0,
            ),
        ],
    )


def pending_todos(actor: Actor) -> Iterator[Todo]:
    """Orders that wait to be paid."""
    if actor.can(BUY) and (count := mine.waiting(actor.account_id)):
        words = ngettext("%(n)s order waits to be paid", "%(n)s orders wait to be paid", count) % {
            "n": count
        }
        yield Todo(words, Link("console:orders", BUY, "?status=pending"), _("View"), icon="receipt")


add_card(resources_card, Audience.CUSTOMER, order=20)
add_todos(pending_todos, Audience.CUSTOMER)
