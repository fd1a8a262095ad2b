"""What exports add to the home pages."""

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from . import queries
from .permissions import VIEW_EXPORTS

_PAGE = "exports:history"


def exports_card(actor: Actor) -> Card:
    """The user's export tasks."""
    counts = queries.task_counts(actor)
    return Card(
        _("Exports"),
        [
            Figure(_("Under way"), counts.unfinished, Link(_PAGE, VIEW_EXPORTS)),
            Figure(_("Ready"), counts.completed, Link(_PAGE, VIEW_EXPORTS, "?status=completed")),
        ],
    )


add_card(exports_card, *Audience, order=50)
