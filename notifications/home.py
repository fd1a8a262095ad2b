"""What messages add to the home pages."""

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from . import queries
from .permissions import READ_MESSAGES


def messages_card(actor: Actor) -> Card:
    """The user's unread messages."""
    unread = Figure(
        _("Unread"),
        queries.unread_count(actor),
        Link("notifications:messages", READ_MESSAGES),
    )
    return Card(_("Messages"), [unread])


add_card(messages_card, *Audience, order=30)
