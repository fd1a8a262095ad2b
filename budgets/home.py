"""What budgets add to the home pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.permissions import VIEW_INFORMATION
from partner_center.actors import Actor
from partner_center.home import Link, Todo, add_todos
from partner_center.permissions import Audience

from .queries import consumption

_QUOTA = Link("information:quota", VIEW_INFORMATION)


def quota_todos(actor: Actor) -> Iterator[Todo]:
    """The consumption quota is used up: the customers cannot buy (01-QTA-02, QTA-04)."""
    if not (consumption.has_quota(actor.partner_kind) and actor.can(VIEW_INFORMATION)):
        return
    if consumption.is_restricted(actor.account_id):
        words = _("Your consumption quota is used up")
        detail = _("Your account is restricted: your customers cannot buy")
        yield Todo(words, _QUOTA, _("View"), detail, "alert-triangle")


add_todos(quota_todos, Audience.PARTNER)
