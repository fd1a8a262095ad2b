"""What the outbox adds to the operator's home page."""

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from . import queries
from .permissions import VIEW_DELIVERIES

_PAGE = "admin:outbox_delivery_changelist"


def deliveries_card(actor: Actor) -> Card:
    """E-mails and SMS of all accounts that wait or failed."""
    counts = queries.unsent_counts()
    return Card(
        _("Emails and SMS"),
        [
            Figure(
                _("Waiting"), counts.queued, Link(_PAGE, VIEW_DELIVERIES, "?state__exact=queued")
            ),
            Figure(
                _("Failed"),
                counts.failed,
                Link(_PAGE, VIEW_DELIVERIES, "?state__exact=failed"),
                bad=bool(counts.failed),
            ),
        ],
    )


add_card(deliveries_card, Audience.OPERATOR, order=40)
