"""Message Center: list, reading pane, and what users do with their messages."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center import clock
from partner_center.views import PortalView

from .. import queries
from ..choices import Category
from ..models import Message
from ..permissions import MANAGE_SETTINGS, READ_MESSAGES
from ..services import reading

PAGE = 20


class CenterBase(PortalView):
    """What list and single message share: the category, the unread filter, the list itself.

    On the page of a category it is fixed; on the page of one message the address carries it along.
    """

    permission = READ_MESSAGES
    category: ClassVar[str] = ""

    @cached_property
    def shown_category(self) -> str:
        """The category that the list is narrowed to; empty for all."""
        asked = self.category or self.request.GET.get("category", "")
        return asked if asked in Category.values else ""

    @cached_property
    def only_unread(self) -> bool:
        """Whether the list shows unread messages only."""
        return self.request.GET.get("unread") == "1"

    @property
    def list_url(self) -> str:
        """Address of the list."""
        return reverse(f"notifications:{self.shown_category or 'messages'}")

    def show(self, selected: Message | None = None) -> HttpResponse:
        """The page, or what HTMX swaps in of it."""
        htmx = self.request.htmx  # type: ignore[attr-defined]
        part = htmx and not htmx.history_restore_request
        name = "notifications/parts/center_swap.html" if part else "notifications/center.html"
        return render(self.request, name, self._context(selected))

    def _context(self, selected: Message | None) -> dict[str, Any]:
        every = queries.list_messages(self.actor, category=self.shown_category)
        rows = every.unread() if self.only_unread else every
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        category = Category(self.shown_category) if self.shown_category else None
        return {
            "title": category.label if category else _("All messages"),
            "list_url": self.list_url,
            "kept": self._kept(page.number),
            "only_unread": self.only_unread,
            "unread_here": every.unread().count(),
            "shown_category": self.shown_category,
            "page": page,
            "today": clock.business_date(clock.now()),
            "crumbs": self._crumbs(selected, category),
            **self._selection(selected),
        }

    def _crumbs(
        self, selected: Message | None, category: Category | None
    ) -> list[tuple[object, str]]:
        """Behind the menu entry: the page of a category is one, that of a message is not."""
        if selected is None:
            return []
        within = [(category.label, self.list_url)] if category else []
        return [*within, (selected.notice.title, "")]

    def _selection(self, selected: Message | None) -> dict[str, Any]:
        if selected is None:
            return {"selected": None}
        may_manage = self.actor.can(MANAGE_SETTINGS)
        return {
            "selected": selected,
            "ways": queries.counts_by_way(selected.notice),
            "may_manage": may_manage,
            "reach": queries.reach_of(self.actor, selected.notice) if may_manage else [],
        }

    def _kept(self, page: int) -> str:
        """Query string that keeps the list as it is while a message is opened."""
        kept = {"category": self.shown_category, "unread": "1" if self.only_unread else ""}
        kept["page"] = str(page) if page > 1 else ""
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"?{query}" if query else ""


class MessageCenterView(CenterBase):
    """All messages, or those of one category."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, nothing opened."""
        return self.show()


class MessageView(CenterBase):
    """One message in the reading pane, the list beside it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The message. It counts as read when the page says so (a POST), not by this GET."""
        return self.show(queries.get_message(self.actor, pk))


class MessageReadView(CenterBase):
    """Mark a message as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it and show it again."""
        reading.mark_read(self.actor, message_id=pk)
        if request.htmx:  # type: ignore[attr-defined]
            return self.show(queries.get_message(self.actor, pk))
        return redirect(f"{reverse('notifications:message', args=[pk])}{self._kept(1)}")


class MessageUnreadView(CenterBase):
    """Mark a message as not read, and go back to the list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it and show the list."""
        reading.mark_unread(self.actor, message_id=pk)
        return redirect(self.list_url)


class MessageDeleteView(CenterBase):
    """Take a message out of the user's own Message Center."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and show the list."""
        reading.delete(self.actor, message_id=pk)
        notes.success(request, _("The message was deleted from your Message Center."))
        return redirect(self.list_url)


class ReadAllView(CenterBase):
    """Mark all messages, or all of a category, as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark them and show the list."""
        number = reading.mark_all_read(self.actor, category=self.shown_category)
        words = ngettext(
            "%(number)d message marked as read.", "%(number)d messages marked as read.", number
        )
        notes.success(request, words % {"number": number})
        return redirect(self.list_url)
