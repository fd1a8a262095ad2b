"""What real-name authentication adds to the operator's home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.actors import Actor
from partner_center.home import Link, Todo, add_todos
from partner_center.permissions import Audience

from .permissions import REVIEW
from .queries import applications

_QUEUE = Link(
    "admin:realname_realnameapplication_changelist", REVIEW, "?status__exact=under_review"
)


def review_todos(actor: Actor) -> Iterator[Todo]:
    """Applications that wait."""
    if not actor.can(REVIEW):
        return
    if count := applications.waiting_count(actor):
        text = ngettext(
            "%(count)d real-name application waits", "%(count)d real-name applications wait", count
        )
        yield Todo(text % {"count": count}, _QUEUE, _("Review"), icon="user-check")


add_todos(review_todos, Audience.OPERATOR)
