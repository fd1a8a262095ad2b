"""What the audit trail adds to the operator's home page."""

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, add_card
from partner_center.permissions import Audience

from . import queries
from .permissions import VIEW_ALL_RECORDS


def trail_card(actor: Actor) -> Card:
    """How far the chain has come, and what waits to be sealed."""
    state = queries.seal_state()
    page = Link("admin:audit_operationrecord_changelist", VIEW_ALL_RECORDS)
    return Card(
        _("Audit trail"),
        [
            Figure(_("Sealed records"), state.sealed, page),
            Figure(_("Waiting to be sealed"), state.pending, page),
        ],
    )


add_card(trail_card, Audience.OPERATOR, order=60)
