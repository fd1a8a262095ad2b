"""The base of every list page. A subclass names its parts and has no code of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import replace_url

from partner_center.refusals import NotFound, Refusal
from partner_center.views import EXPORT_CREATED, PortalView, tell_export

from . import hooks, presentation
from .batches import MOST_ROWS, BatchAction, RowResult
from .columns import PortalColumn
from .filters import PortalFilterSet
from .listing import PAGE_SIZES, ListDefinition, Listing, SavedView
from .presentation import NAMED, Dialog
from .tables import PortalTable


class PortalListView(PortalView):
    """A list with search, filters, saved views, columns, paging, batches, masks and export.

    GET shows it; every change is a POST to the same address, told apart by the button's name:
    ``columns`` and ``page_size`` (remembered for the user), ``reveal`` (plain text of a masked
    column, recorded), ``batch`` and ``export``. The query string of the address says what of the
    list is meant.
    """

    title: ClassVar[str | Promise]
    #: Key of the user's stored columns, and the list's name in the audit trail.
    list_name: ClassVar[str]
    queryset: ClassVar[Callable[..., QuerySet]]
    #: Of a list below an object: the parameters of its address that the query takes as well.
    below: ClassVar[tuple[str, ...]] = ()
    filterset_class: ClassVar[type[PortalFilterSet]]
    table_class: ClassVar[type[PortalTable]]
    saved_views: ClassVar[tuple[SavedView, ...]] = ()
    batch_actions: ClassVar[tuple[type[BatchAction], ...]] = ()
    #: Counts the matching rows of a list of millions without reading them.
    counter: ClassVar[Callable[[Listing], int] | None] = None
    #: Line under the title: what the figures are, as of when.
    basis: ClassVar[str | Promise] = ""
    #: First use: what comes here, and the one action (label, name of its address).
    empty_title: ClassVar[str | Promise] = gettext_lazy("Nothing here yet")
    empty_text: ClassVar[str | Promise] = ""
    empty_icon: ClassVar[str] = "list-details"
    empty_action: ClassVar[tuple[str | Promise, str] | None] = None
    export_name: ClassVar[str] = ""
    export_permission: ClassVar[str] = ""
    #: What the page prints differs from page to page (05-EXP-03, EXP-04).
    export_message: ClassVar[str | Promise] = EXPORT_CREATED
    history_label: ClassVar[str | Promise] = gettext_lazy("Export History")
    template_name: ClassVar[str] = "portal/lists/page.html"
    fragment_name: ClassVar[str] = "portal/lists/fragment.html"
    dialog_name: ClassVar[str] = "portal/lists/dialog_fragment.html"

    @classmethod
    def definition(cls) -> ListDefinition:
        """The list without a request, for its exporter."""
        return ListDefinition(
            cls.queryset, cls.filterset_class, cls.table_class, cls.saved_views, cls.counter
        )

    def page_definition(self) -> ListDefinition:
        """The list of this request: below the object of its address, if it is such a list."""
        return self.definition().of({name: self.kwargs[name] for name in self.below})

    @cached_property
    def listing(self) -> Listing:
        """The list as the address and the user's stored columns ask for it."""
        chosen = self._remembered().get("columns")
        return Listing(self.page_definition(), self.actor, self.request.GET, chosen)

    @property
    def page_size(self) -> int:
        """Rows a page: of the address, else the user's choice, else the smallest."""
        wanted = self.request.GET.get("page_size", "")
        if wanted.isdecimal() and len(wanted) < 4 and int(wanted) in PAGE_SIZES:
            return int(wanted)
        stored = self._remembered().get("page_size")
        return stored if stored in PAGE_SIZES else PAGE_SIZES[0]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or its fragment for HTMX."""
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One of the changes a list knows; 404 for any other."""
        for name in ("reveal", "batch", "export", "columns", "page_size"):
            if name in request.POST:
                return getattr(self, f"post_{name}")()
        raise NotFound

    def post_columns(self) -> HttpResponse:
        """Remember the chosen columns."""
        every = self.table_class.base_columns
        chosen = [name for name in self.request.POST.getlist("column") if name in every]
        hooks.preferences().remember_list(self.actor, self.list_name, columns=chosen)
        return self._back_to_list()

    def post_page_size(self) -> HttpResponse:
        """Remember the number of rows a page."""
        wanted = self.request.POST["page_size"]
        if wanted in map(str, PAGE_SIZES):
            hooks.preferences().remember_list(self.actor, self.list_name, page_size=int(wanted))
        return self._back_to_list(without=("page", "page_size"))

    def post_reveal(self) -> HttpResponse:
        """Show masked columns (or one row's value) in plain text, once, and record it."""
        names = [n for n in self.request.POST.getlist("reveal") if n in self.listing.columns]
        for name in names:
            self._authorize_reveal(self.listing.columns[name])
        row, page = self.request.POST.get("row", ""), self._page()
        shown = [r.pk for r in page.object_list if row in ("", str(r.pk))]
        with transaction.atomic():
            for name in names:
                hooks.recorder().record(
                    self.actor,
                    "lists.column.revealed",
                    after={"list": self.list_name, "column": name, "rows": shown},
                )
        return self.show(page=page, revealed=names, revealed_row=row)

    def _authorize_reveal(self, column: PortalColumn) -> None:
        if not column.is_masked:
            raise NotFound
        if column.reveal_permission:
            self.actor.require(column.reveal_permission)

    def post_batch(self) -> HttpResponse:
        """Run a batch action, or ask first; the answer lists what happened row by row."""
        action = self._action(self.request.POST["batch"])
        self.actor.require(action.permission)
        try:
            ids = self._chosen_ids(action.most_rows)
        except Refusal as refusal:
            return self.show(dialog=Dialog(action, refusal=refusal), status=refusal.status)
        if (dialog := action.ask(self.request, self.actor, ids)) is not None:
            return dialog
        if action.confirmation and "confirmed" not in self.request.POST:
            named = self.listing.base.filter(pk__in=ids[:NAMED]).order_by("pk")
            names = [str(row) for row in named]
            return self.show(dialog=Dialog(action, ids, is_everything=self._takes_all, names=names))
        results = action.run(self.actor, ids) + self._missing_results(ids)
        self.__dict__.pop("listing", None)
        return self.show(dialog=Dialog(action, ids, results=tuple(results)))

    def post_export(self) -> HttpResponse:
        """Create an export task of this list (05-EXP-01)."""
        if not self.export_name:
            raise NotFound
        params: dict[str, Any] = {
            "query": self.request.GET.urlencode(),
            "columns": list(self.listing.columns),
        }
        if self.below:
            params["below"] = {name: self.kwargs[name] for name in self.below}
        if self.request.POST.getlist("ids") and not self._takes_all:
            params["ids"] = [str(pk) for pk in self._chosen_ids()]
        hooks.exports().create_export(
            self.actor, self.export_name, params, self.request.POST["export"]
        )
        tell_export(self.request, self.export_message)
        return self._back_to_list()

    def show(
        self,
        *,
        page: Page | None = None,
        status: int = 200,
        **extra: Any,
    ) -> HttpResponse:
        """Render the page or its fragment."""
        page = page or self._page()
        context = presentation.context(self, page, extra) | self.get_extra_context()
        return render(self.request, self._template(extra), context, status=status)

    def get_extra_context(self) -> dict[str, Any]:
        """What a subclass adds to the page: tabs, actions of its own."""
        return {}

    def refresh_seconds(self, page: Page) -> int:
        """Seconds after which the table asks again while something on it runs; 0 is never."""
        return 0

    def _template(self, extra: dict[str, Any]) -> str:
        if not self._wants_fragment:
            return self.template_name
        return self.dialog_name if "dialog" in extra else self.fragment_name

    @property
    def _wants_fragment(self) -> bool:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    def _page(self) -> Page:
        pages = _ListPaginator(self.listing, self.page_size)
        return pages.get_page(self.request.GET.get("page"))

    def _remembered(self) -> dict[str, Any]:
        stored = getattr(self.request.user, "preferences", None) or {}
        return stored.get("lists", {}).get(self.list_name, {})

    def _action(self, name: str) -> BatchAction:
        found = next((action for action in self.batch_actions if action.name == name), None)
        if found is None:
            raise NotFound
        return found()

    @property
    def _takes_all(self) -> bool:
        return "1" in self.request.POST.getlist("select_all")

    def _chosen_ids(self, most: int = MOST_ROWS) -> list[Any]:
        """Keys of the chosen rows that the list shows to the actor, in the list's order."""
        if self._takes_all:
            ids = list(self.listing.sorted.values_list("pk", flat=True)[: most + 1])
            if len(ids) > most:
                raise TooManyRows(most)
            return ids
        posted = self._posted_keys()
        if not posted:
            raise NothingChosen
        chosen = self.listing.base.filter(pk__in=posted).order_by("pk")
        return list(chosen.values_list("pk", flat=True))

    def _posted_keys(self) -> list[Any]:
        convert = self.listing.base.model._meta.pk.to_python
        keys = []
        for text in self.request.POST.getlist("ids")[:MOST_ROWS]:
            try:
                keys.append(convert(text))
            except ValidationError:
                raise NotFound from None
        return keys

    def _missing_results(self, ids: list[Any]) -> list[RowResult]:
        if self._takes_all:
            return []
        missing = set(self._posted_keys()) - set(ids)
        words = str(NotFound.default_sentence)
        return [RowResult(pk, f"#{pk}", False, words) for pk in sorted(missing)]

    def _back_to_list(self, without: tuple[str, ...] = ()) -> HttpResponse:
        """After a change: the list at its address, or the renewed fragment for HTMX."""
        query = self.request.GET.copy()
        for name in without:
            query.pop(name, None)
        to = presentation.address(query) or self.request.path
        if not self._wants_fragment:
            return HttpResponseRedirect(to)
        self.request.GET = query  # type: ignore[assignment]
        self.request.user.refresh_from_db(fields=["preferences"])  # type: ignore[union-attr]
        self.__dict__.pop("listing", None)
        return replace_url(self.show(), to)


class _ListPaginator(Paginator):
    """Pages of a listing, which knows how many rows it has."""

    def __init__(self, listing: Listing, per_page: int) -> None:
        super().__init__((), per_page)
        self.listing = listing

    def page(self, number: Any) -> Page:
        """One page; its rows are read when they are asked for."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self.listing.rows(first, min(first + self.per_page, self.count))
        return Page(rows, number, self)

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        """Rows on all pages together."""
        return self.listing.total


class TooManyRows(Refusal):
    """ "Select all" over more rows than one request may change."""

    code = "lists.too_many_rows"

    def __init__(self, most: int = MOST_ROWS) -> None:
        super().__init__(
            _("More than %(most)s records match. Nothing was changed. Narrow the list by filters.")
            % {"most": f"{most:,}"}
        )


class NothingChosen(Refusal):
    """A batch button was pressed without a ticked row."""

    code = "lists.nothing_chosen"

    def __init__(self) -> None:
        super().__init__(_("No record is selected. Tick at least one and try again."))
