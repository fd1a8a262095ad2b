"""What customers of partners add to the pages: to-dos, and what opens after sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from partner_center import context
from partner_center.actors import Actor
from partner_center.home import Link, Todo, add_todos
from partner_center.permissions import Audience

from . import pop_ups
from .permissions import MANAGE_PARTNER
from .queries import instructions


def instructions_todos(actor: Actor) -> Iterator[Todo]:
    """Instructions that the customer has not signed (INS-01)."""
    if document := instructions.unsigned(actor):
        yield Todo(
            _("Sign the Instructions for associating with a partner"),
            Link("instructions:sign", MANAGE_PARTNER),
            _("Sign Now"),
            document.title,
            "pencil",
        )


add_todos(instructions_todos, Audience.CUSTOMER)
context.use_pop_up(pop_ups.address)
