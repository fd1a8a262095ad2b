"""What billing adds to the home pages: what the partner owes (05-REP-03, BQY-03)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.choices import PartnerKind
from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.home import Action, Card, Figure, Link, add_card
from partner_center.permissions import Audience

from .permissions import PAY_BILLS, VIEW_BILLS
from .queries import due, reach


def amount_due_card(actor: Actor) -> Card:
    """The figures of the panel Amount Due of Partner Bills."""
    link = Link("billing:bills", VIEW_BILLS)
    if not reach.settles(actor, VIEW_BILLS):
        return Card(_("Amount Due"), [])
    found = due.amount_due(actor, clock.now())
    is_distributor = actor.partner_kind == PartnerKind.DISTRIBUTOR
    latest = (
        _("Unpaid Fees of the Latest Billing Month")
        if is_distributor
        else _("Unpaid Fees of Current Month")
    )
    figures = [
        Figure(_("Total"), money.words(found.total), link),
        Figure(latest, money.words(found.latest), link),
        Figure(_("Unpaid Fees of Previous Months"), money.words(found.previous), link),
    ]
    if found.overdue:
        figures.insert(1, Figure(_("Overdue"), money.words(found.overdue), link, bad=True))
    repay = Action(_("Repay"), Link("billing:repay", PAY_BILLS))
    return Card(_("Amount Due"), figures, actions=[repay] if found.total else [], leads=True)


add_card(amount_due_card, Audience.PARTNER, order=10)
