"""What resellers add to the home pages: an invitation that was answered and has no end yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Link, Todo, add_todos
from partner_center.permissions import Audience

from .permissions import BECOME_RESELLER
from .queries import invitations


def request_todos(actor: Actor) -> Iterator[Todo]:
    """A restricted association waits for the account (01-RSL-07)."""
    if invitations.is_restricted(actor.account_id):
        yield Todo(
            _("Your association with a distributor is restricted"),
            Link("resellers:request", BECOME_RESELLER),
            _("View causes"),
            _("Handle the causes and try again"),
            "unlink",
        )


add_todos(request_todos, Audience.PARTNER, Audience.CUSTOMER)
