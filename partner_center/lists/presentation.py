"""What the list templates print: heads, filters, tabs, pages, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.forms import BoundField, Select
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import Refusal

from .batches import BatchAction, RowResult
from .columns import PortalColumn
from .filters import parameters_of, value_words
from .listing import PAGE_SIZES, Listing, is_sortable
from .tables import columns_of, head_of, label_of

if TYPE_CHECKING:
    from .views import PortalListView


@dataclass(frozen=True)
class Head:
    """The head of one column."""

    name: str
    label: str
    basis: str
    css: str
    sort_url: str  # empty: not sortable
    aria_sort: str  # none, ascending, descending
    eye: bool
    is_revealed: bool


@dataclass(frozen=True)
class ShownFilter:
    """One filter of the bar. ``clear_url`` takes it away."""

    field: BoundField
    is_select: bool
    is_set: bool
    words: str
    clear_url: str

    @property
    def in_sheet(self) -> SafeString:
        """The field once more, for the sheet of the phone, with ids of its own."""
        css = "form-select" if self.is_select else "form-control"
        attrs: dict[str, str | bool] = {
            "id": f"sheet_{self.field.html_name}",
            "class": css,
            "form": "pc-list-sheet",
        }
        return self.field.as_widget(attrs=attrs)

    @property
    def alone(self) -> list[ShownFilter]:
        """The filter as a list of one, for its own panel."""
        return [self]


#: So many records the dialog names before it acts; the others are counted.
NAMED = 10


@dataclass(frozen=True)
class Dialog:
    """Before a batch action (no results yet), or what it did, row by row."""

    action: BatchAction
    ids: Sequence[Any] = ()
    is_everything: bool = False
    results: tuple[RowResult, ...] = ()
    refusal: Refusal | None = None
    #: The first of the chosen records, by name.
    names: Sequence[str] = ()

    @property
    def others(self) -> int:
        """How many are chosen beyond those that are named."""
        return len(self.ids) - len(self.names)

    @property
    def title(self) -> str:
        """Verb and number: ``Lock, 3 records``."""
        count = len(self.results) or len(self.ids)
        return f"{self.action.label}, {announcement(count)}" if count else str(self.action.label)

    @property
    def summary(self) -> str:
        """``2 done, 1 refused``."""
        done = sum(result.done for result in self.results)
        return _("%(done)s done, %(refused)s refused") % {
            "done": f"{done:,}",
            "refused": f"{len(self.results) - done:,}",
        }


@dataclass(frozen=True)
class Choice:
    """One column in the panel Columns."""

    name: str
    label: str
    is_shown: bool
    is_fixed: bool


@dataclass(frozen=True)
class Tab:
    """One saved view."""

    label: str | Promise
    count: int
    urgent: bool
    url: str
    is_current: bool


def address(query: QueryDict) -> str:
    """The query string with its question mark; "?" alone would not leave the current one."""
    return f"?{query.urlencode()}" if query else ""


def changed(query: QueryDict, *, drop: Iterable[str] = (), **values: str) -> str:
    """The address with other values, back on the first page."""
    query = query.copy()
    for name in ("page", *drop, *values):
        query.pop(name, None)
    query.update({name: value for name, value in values.items() if value})
    return f"?{query.urlencode()}"


def context(view: PortalListView, page: Page, extra: dict[str, Any]) -> dict[str, Any]:
    """Everything the list templates need."""
    listing, query = view.listing, view.request.GET
    revealed = extra.get("revealed", ())
    table = view.table_class(
        page.object_list,
        visible=listing.columns,
        actor=view.actor,
        request=view.request,
        revealed=revealed,
        revealed_row=extra.get("revealed_row", ""),
    )
    total = page.paginator.count
    return {
        "view": view,
        "title": view.title,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "total": total,
        "total_words": f"{total:,}",
        "more_total": total if page.has_other_pages() else 0,
        "announcement": announcement(total),
        "page_sizes": PAGE_SIZES,
        "rows": list(table.printed_rows()),
        "address": address(query) or view.request.path,
        "listing_notes": listing.notes,
        "refresh_seconds": view.refresh_seconds(page),
        **_head_context(view, revealed),
        **_filter_context(view),
        **_action_context(view),
        **_empty_context(view, total),
        **extra,
    }


def _head_context(view: PortalListView, revealed: Iterable[str]) -> dict[str, Any]:
    listing, query = view.listing, view.request.GET
    heads = [_head(name, column, view, revealed) for name, column in listing.columns.items()]
    return {
        "heads": heads,
        "has_masks": any(head.eye for head in heads),
        "columns": _choices(view, listing),
        "tabs": _tabs(view, listing.view_counts, query),
    }


def _filter_context(view: PortalListView) -> dict[str, Any]:
    listing, query = view.listing, view.request.GET
    filters = shown_filters(listing, query, more=False)
    more = shown_filters(listing, query, more=True)
    search = listing.filterset.search_field()
    set_filters = [f for f in filters + more if f.is_set]
    return {
        "search": search,
        "search_placeholder": search and listing.filterset.filters[search.name].placeholder,
        "filters": filters,
        "more_filters": more,
        "every_filter": filters + more,
        "set_filters": set_filters,
        "set_count": len(set_filters),
        "more_count": sum(f.is_set for f in more) or "",
        "kept": _kept(query),
        "clear_url": clear_url(query, ("view", "sort", "page_size", *listing.filterset.always)),
        "fresh_url": view.request.path + clear_url(query, listing.filterset.always).rstrip("?"),
    }


def _action_context(view: PortalListView) -> dict[str, Any]:
    actions = [action for action in view.batch_actions if action.offered_to(view.actor)]
    # A file is for whoever may read it later, which a partner's user in a customer's account may not.
    can_export = (
        bool(view.export_name)
        and view.actor.can(view.export_permission)
        and view.actor.on_behalf is None
    )
    return {
        "batch_actions": actions,
        "can_export": can_export,
        "has_ticks": bool(actions) or can_export,
    }


def _empty_context(view: PortalListView, total: int) -> dict[str, Any]:
    if total:
        return {}
    hidden = view.listing.unfiltered if view.listing.is_narrowed else 0
    return {
        "is_narrowed": hidden > 0,
        "hidden_words": ngettext(
            "%(total)s record is hidden by these filters.",
            "%(total)s records are hidden by these filters.",
            hidden,
        )
        % {"total": f"{hidden:,}"},
        "empty_action": view.empty_action and (view.empty_action[0], reverse(view.empty_action[1])),
    }


def announcement(total: int) -> str:
    """What screen readers hear after the list changed."""
    return ngettext("%(total)s record", "%(total)s records", total) % {"total": f"{total:,}"}


def clear_url(query: QueryDict, names: Iterable[str]) -> str:
    """The list without filters; of these parameters the values stay."""
    kept = QueryDict(mutable=True)
    for name in names:
        if name in query:
            kept[name] = str(query[name])
    return f"?{kept.urlencode()}"


def shown_filters(listing: Listing, query: QueryDict, *, more: bool) -> list[ShownFilter]:
    """The filters of the bar, or those behind More filters."""
    filterset = listing.filterset
    search = filterset.search_field()
    set_names = set(filterset.set_names()) - set(filterset.always)
    fields = [f for f in filterset.form if f.name != (search.name if search else None)]
    return [
        ShownFilter(
            field=field,
            is_select=isinstance(field.field.widget, Select),
            is_set=field.name in set_names,
            words=value_words(field) if field.name in set_names else "",
            clear_url=changed(query, drop=parameters_of(field)),
        )
        for field in fields
        if (field.name in filterset.more) is more
    ]


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    """Parameters that the filter form carries along."""
    return [(name, str(query[name])) for name in ("view", "sort", "page_size") if name in query]


def _head(name: str, column: PortalColumn, view: PortalListView, revealed: Iterable[str]) -> Head:
    sort = next(iter(view.listing.sort), "")
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
    wanted = f"-{name}" if state == "ascending" else name
    may_reveal = not column.reveal_permission or view.actor.can(column.reveal_permission)
    return Head(
        name=name,
        label=head_of(name, column),
        basis=str(column.basis),
        css=column.css,
        sort_url=changed(view.request.GET, sort=wanted) if is_sortable(column) else "",
        aria_sort=state,
        eye=column.is_masked and may_reveal,
        is_revealed=name in revealed,
    )


def _choices(view: PortalListView, listing: Listing) -> list[Choice]:
    return [
        Choice(name, label_of(name, column), name in listing.columns, column.fixed)
        for name, column in columns_of(view.table_class).items()
    ]


def _tabs(view: PortalListView, counts: dict[str, int], query: QueryDict) -> list[Tab]:
    return [
        Tab(
            label=saved.label,
            count=counts[saved.key],
            urgent=saved.urgent and counts[saved.key] > 0,
            url=changed(query, view=saved.key),
            is_current=saved == view.listing.view,
        )
        for saved in view.saved_views
    ]
