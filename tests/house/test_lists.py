"""The list machine, through an example list over the users of an account."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PartnerTerms, User
from audit.models import OperationRecord
from exports.models import ExportTask
from partner_center import clock
from partner_center.lists import listing
from partner_center.lists.filters import AmountRangeFilter, value_words
from partner_center.lists.listing import Listing, SavedView
from partner_center.lists.tables import columns_of
from partner_center.lists.views import PortalListView

from . import below
from .list_example import PeopleListView

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.house.list_example")]
PEOPLE = "/test/people"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mara(client, cast):
    client.force_login(cast.mara)
    return client


def names_on(answer) -> list[str]:
    return [row.cells[0].second for row in answer.context["rows"]]


def add_people(cast, number: int, prefix: str = "person") -> None:
    User.objects.bulk_create(
        User(
            account=cast.tidemark,
            username=f"{prefix}{i:04d}",
            name=f"{prefix.title()} {i:04d}",
            email=f"{prefix}{i}@tidemark.example",
            mobile="+639170001234",
            created_at=clock.now(),
        )
        for i in range(number)
    )


# --- Reading the address --------------------------------------------------------------------


def test_list_shows_only_the_own_account(mara, cast):
    shown = names_on(mara.get(PEOPLE))
    assert "f.cruz" in shown and "northgate" not in shown
    assert len(shown) == 5


def test_member_without_the_permission_is_refused(client, cast):
    client.force_login(cast.felix)
    assert client.get(PEOPLE).status_code == 403


@pytest.mark.requirement("02-USR-07")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=CRUZ", ["f.cruz"]),
        ("q=f cruz", ["f.cruz"]),
        ("q=nobody", []),
        ("status=locked", []),
        ("q=j.lim&status=normal", ["j.lim"]),
    ],
)
def test_search_and_filters_narrow_the_list(mara, query, expected):
    assert names_on(mara.get(f"{PEOPLE}?{query}")) == expected


def test_filter_choices_are_those_of_the_actor(mara, cast, client):
    words = str(mara.get(PEOPLE).context["filters"][1].field)
    assert "Read-only auditor" in words
    client.force_login(cast.nora)
    assert "Read-only auditor" not in str(client.get(PEOPLE).context["filters"][1].field)


@pytest.mark.parametrize(
    "query",
    [
        "status=frozen",
        "role=abc",
        "role=99999999999999999999999",
        "created_after=yesterday",
        "q=%00",
        "sort=password",
        "sort=--name",
        "sort=contact",
        "view=none",
    ],
)
def test_what_is_not_understood_is_named_and_left_out(mara, query):
    answer = mara.get(f"{PEOPLE}?{query}")
    assert answer.status_code == 200
    assert len(answer.context["listing_notes"]) == 1
    assert answer.context["total"] == 5
    assert "pc-note-amber" in answer.content.decode()


def test_one_wrong_value_does_not_switch_off_the_others(mara):
    answer = mara.get(f"{PEOPLE}?status=frozen&q=cruz")
    assert names_on(answer) == ["f.cruz"]


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", ""])
def test_any_page_number_gives_a_page(mara, page):
    assert mara.get(f"{PEOPLE}?page={page}&page_size=7").status_code == 200


@pytest.mark.parametrize("name", [n for n, c in columns_of(PeopleListView.table_class).items()])
def test_every_sortable_column_sorts_both_ways(mara, cast, name):
    add_people(cast, 3)
    mara.post(PEOPLE, {"columns": "save", "column": [name]})
    column = columns_of(PeopleListView.table_class)[name]
    for sort in (name, f"-{name}"):
        answer = mara.get(f"{PEOPLE}?sort={sort}")
        assert answer.status_code == 200
        assert bool(answer.context["listing_notes"]) is (column.orderable is False)


def test_equal_values_keep_their_order_over_pages(mara, cast):
    add_people(cast, 30)
    User.objects.filter(account=cast.tidemark).update(name="Same")
    found = [name for page in (1, 2, 3, 4) for name in names_on(mara.get(f"{PEOPLE}?page={page}"))]
    assert len(found) == len(set(found)) == 35


def test_head_tells_the_order(mara):
    html = mara.get(f"{PEOPLE}?sort=-created_at").content.decode()
    assert html.count('aria-sort="descending"') == 1
    assert 'href="?sort=created_at"' in html


@pytest.mark.requirement("05-CNV-08")
def test_paging_starts_with_ten_and_names_the_total(mara, cast):
    add_people(cast, 61)
    answer = mara.get(PEOPLE)
    html = answer.content.decode()
    assert len(answer.context["rows"]) == 10
    assert re.search(r"Total Records:\s*<b>66</b>", html)
    assert "?page=7" in html
    assert len(mara.get(f"{PEOPLE}?page_size=50").context["rows"]) == 50


@pytest.mark.requirement("05-CNV-07")
def test_absent_values_print_two_hyphens(mara):
    row = mara.get(f"{PEOPLE}?q=tidemark-cloud").context["rows"][0]
    assert row.cells[0].html == '<span class="pc-none">--</span>'


def test_saved_views_have_counts_and_addresses(mara, cast):
    User.objects.filter(pk=cast.felix.pk).update(status="locked")
    answer = mara.get(f"{PEOPLE}?view=locked")
    assert [(t.label, t.count, t.is_current) for t in answer.context["tabs"]] == [
        ("All", 5, False),
        ("Locked", 1, True),
    ]
    assert names_on(answer) == ["f.cruz"]


def test_a_saved_view_may_depend_on_the_moment(mara, cast, monkeypatch):
    User.objects.filter(pk=cast.felix.pk).update(created_at=clock.now() - timedelta(days=400))
    recent = SavedView("recent", "Recent", lambda at: Q(created_at__gt=at - timedelta(days=1)))
    monkeypatch.setattr(PeopleListView, "saved_views", (*PeopleListView.saved_views, recent))
    answer = mara.get(f"{PEOPLE}?view=recent")
    assert [tab.count for tab in answer.context["tabs"]] == [5, 0, 4]
    assert "f.cruz" not in names_on(answer) and answer.context["total"] == 4


def test_equals_are_ordered_in_the_direction_of_the_column(mara, cast):
    User.objects.filter(account=cast.tidemark).update(name="Same")
    ascending = names_on(mara.get(f"{PEOPLE}?sort=name"))
    assert names_on(mara.get(f"{PEOPLE}?sort=-name")) == ascending[::-1]


def test_an_unfiltered_view_is_counted_with_the_views_only(mara):
    # A filtered list has its own count, and the keys of the few rows that match.
    assert _queries(mara, f"{PEOPLE}?q=cruz") == _queries(mara, PEOPLE) + 2


@pytest.mark.parametrize("query", ["q=person", "sort=-created_at", "q=person&sort=-created_at"])
def test_few_and_many_matches_are_paged_alike(mara, cast, monkeypatch, query):
    add_people(cast, 30)
    address = f"{PEOPLE}?{query}&page=2"
    few = names_on(mara.get(address))
    monkeypatch.setattr(listing, "FEW", 0)
    monkeypatch.setattr(listing, "FEW_TO_SORT", 0)
    assert names_on(mara.get(address)) == few and len(few) == 10


# --- Query counts ---------------------------------------------------------------------------


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_query_count_is_the_same_with_20_and_2000_rows(mara, cast):
    add_people(cast, 15)
    few = _queries(mara, f"{PEOPLE}?page_size=100")
    add_people(cast, 1980, prefix="zed")
    many = _queries(mara, f"{PEOPLE}?page_size=100")
    assert few == many
    assert many <= 12


def test_hidden_columns_cost_no_query(mara):
    with_roles = _queries(mara, PEOPLE)
    mara.post(PEOPLE, {"columns": "save", "column": ["status"]})
    # The prefetch of the roles: assignments and roles.
    assert _queries(mara, PEOPLE) == with_roles - 2


# --- Columns and page size ------------------------------------------------------------------


@pytest.mark.requirement("02-USR-08")
def test_chosen_columns_are_remembered_for_the_user_alone(mara, cast, client):
    answer = mara.post(f"{PEOPLE}?q=cruz", {"columns": "save", "column": ["held", "status"]})
    assert answer.status_code == 302 and answer["Location"] == "?q=cruz"
    assert [h.name for h in mara.get(PEOPLE).context["heads"]] == ["name", "held", "status"]
    client.force_login(cast.ivy)
    assert "roles" in [h.name for h in client.get(PEOPLE).context["heads"]]


def test_reset_and_unknown_columns_bring_back_the_default(mara):
    for posted in ({"columns": "reset"}, {"columns": "save", "column": ["password"]}):
        mara.post(PEOPLE, posted)
        shown = [h.name for h in mara.get(PEOPLE).context["heads"]]
        assert shown == ["name", "contact", "roles", "status", "created_at"]


def test_page_size_is_remembered_and_starts_over(mara, cast):
    add_people(cast, 30)
    assert mara.post(f"{PEOPLE}?page=3", {"page_size": "20"})["Location"] == PEOPLE
    assert len(mara.get(PEOPLE).context["rows"]) == 20
    mara.post(PEOPLE, {"page_size": "33"})
    assert len(mara.get(PEOPLE).context["rows"]) == 20


def test_preferences_that_no_longer_fit_are_ignored(mara, cast):
    stored = {"lists": {"test_people": {"columns": ["gone"], "page_size": "many"}}}
    User.objects.filter(pk=cast.mara.pk).update(preferences=stored)
    assert len(mara.get(PEOPLE).context["heads"]) == 5


# --- Masked columns -------------------------------------------------------------------------


@pytest.mark.requirement("06-DX-06")
def test_masked_columns_never_carry_the_plain_value(mara):
    html = mara.get(PEOPLE).content.decode()
    assert "+63 ****2291" in html and "f.c****@tidemark-cloud.example" in html
    assert "9175552291" not in html and "f.cruz@tidemark" not in html


@pytest.mark.requirement("06-DX-06")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_eye_shows_one_column_once_and_is_recorded(mara, cast, headers):
    answer = mara.post(f"{PEOPLE}?q=cruz", {"reveal": "contact"}, headers=headers)
    html = answer.content.decode()
    assert "+639175552291" in html and "f.cruz@tidemark-cloud.example" in html
    entry = OperationRecord.objects.get(action="lists.column.revealed")
    assert entry.after == {"list": "test_people", "column": "contact", "rows": [cast.felix.pk]}
    assert entry.actor_user_id == cast.mara.pk
    assert "+639175552291" not in mara.get(f"{PEOPLE}?q=cruz").content.decode()


def test_eye_beside_one_value_shows_that_value_only(mara, cast):
    answer = mara.post(PEOPLE, {"reveal": "contact", "row": str(cast.felix.pk)})
    html = answer.content.decode()
    assert "f.cruz@tidemark-cloud.example" in html and "j.lim@tidemark" not in html
    entry = OperationRecord.objects.get(action="lists.column.revealed")
    assert entry.after["rows"] == [cast.felix.pk]


def test_only_masked_columns_have_an_eye(mara):
    assert mara.post(PEOPLE, {"reveal": "status"}).status_code == 404
    assert not OperationRecord.objects.filter(action="lists.column.revealed").exists()


def test_eye_needs_the_columns_permission(client, cast, monkeypatch):
    column = columns_of(PeopleListView.table_class)["contact"]
    monkeypatch.setattr(column, "reveal_permission", "accounts.manage_members")
    client.force_login(cast.ivy)
    assert 'name="reveal"' not in client.get(PEOPLE).content.decode()
    assert client.post(PEOPLE, {"reveal": "contact"}).status_code == 403
    assert not OperationRecord.objects.filter(action="lists.column.revealed").exists()


# --- Batches --------------------------------------------------------------------------------


def _statuses(*users: User) -> list[str]:
    return [User.objects.get(pk=user.pk).status for user in users]


def test_batch_asks_first_and_then_says_what_happened_row_by_row(mara, cast):
    ids = [cast.felix.pk, cast.mara.pk]
    asked = mara.post(PEOPLE, {"batch": "lock", "ids": ids})
    assert "They can no longer sign in." in asked.content.decode()
    assert _statuses(cast.felix, cast.mara) == ["normal", "normal"]
    answer = mara.post(PEOPLE, {"batch": "lock", "ids": ids, "confirmed": "1"})
    results = {r.pk: (r.done, r.words) for r in answer.context["dialog"].results}
    assert results == {
        cast.felix.pk: (True, "Locked"),
        cast.mara.pk: (False, "The main user cannot be locked."),
    }
    assert "1 done, 1 refused" in answer.content.decode()
    assert _statuses(cast.felix, cast.mara) == ["locked", "normal"]


def test_batch_never_reaches_another_accounts_rows(mara, cast):
    ids = [cast.felix.pk, cast.nora.pk]
    answer = mara.post(PEOPLE, {"batch": "lock", "ids": ids, "confirmed": "1"})
    foreign = answer.context["dialog"].results[-1]
    assert (foreign.pk, foreign.done) == (cast.nora.pk, False)
    assert "does not exist" in foreign.words
    assert _statuses(cast.nora) == ["normal"]


def test_batch_takes_all_that_match_the_filters(mara, cast):
    add_people(cast, 30)
    posted = {"batch": "lock", "select_all": ["", "1"], "confirmed": "1"}
    answer = mara.post(f"{PEOPLE}?q=person", posted)
    assert len(answer.context["dialog"].results) == 30
    assert User.objects.filter(status="locked").count() == 30
    assert _statuses(cast.felix) == ["normal"]


def test_batch_without_a_row_is_refused(mara):
    answer = mara.post(PEOPLE, {"batch": "lock"})
    assert answer.status_code == 422
    assert "No record is selected." in answer.content.decode()


def test_batch_needs_its_permission(client, cast):
    client.force_login(cast.ivy)
    assert 'value="lock"' not in client.get(PEOPLE).content.decode()
    posted = {"batch": "lock", "ids": [cast.felix.pk], "confirmed": "1"}
    assert client.post(PEOPLE, posted).status_code == 403
    assert _statuses(cast.felix) == ["normal"]


@pytest.mark.parametrize(
    "posted",
    [{"batch": "drop"}, {"batch": "lock", "ids": ["x"]}, {"unknown": "1"}, {}],
)
def test_unknown_changes_are_a_404(mara, posted):
    assert mara.post(PEOPLE, posted).status_code == 404


# --- Empty states, fragments, plain HTML ----------------------------------------------------


def test_empty_by_filter_shows_the_filters_and_clear(mara):
    html = mara.get(f"{PEOPLE}?status=locked").content.decode()
    assert "No record matches" in html and "5 records are hidden by these filters." in html
    assert "Clear filters" in html and "<table" not in html


def test_empty_first_use_offers_the_one_action(mara):
    html = mara.get("/test/nobody").content.decode()
    assert "No people yet" in html and "Invite somebody" in html and "<table" not in html


def test_htmx_gets_the_fragment_at_the_same_address(mara):
    whole, part = mara.get(PEOPLE), mara.get(PEOPLE, headers=HTMX)
    assert "<html" in whole.content.decode()
    assert part.content.decode().lstrip().startswith('<div id="pc-list"')
    assert "HX-Request" in whole["Vary"] and "HX-Request" in part["Vary"]


@pytest.mark.parametrize("extra", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_gets_the_whole_page_when_it_needs_it(mara, extra):
    answer = mara.get(PEOPLE, headers={**HTMX, extra: "true"})
    assert "<html" in answer.content.decode()


def test_htmx_changes_answer_with_the_renewed_list(mara, cast):
    add_people(cast, 30)
    answer = mara.post(f"{PEOPLE}?page=2&q=person", {"page_size": "20"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Replace-Url"] == "?q=person"
    assert len(answer.context["rows"]) == 20
    answer = mara.post(PEOPLE, {"columns": "save", "column": ["status"]}, headers=HTMX)
    assert [h.name for h in answer.context["heads"]] == ["name", "status"]


def test_htmx_batch_fills_the_dialog_and_renews_the_list(mara, cast):
    posted = {"batch": "greet", "ids": [cast.felix.pk]}
    html = mara.post(PEOPLE, posted, headers=HTMX).content.decode()
    assert 'id="pc-dialog-title"' in html and "Greeted" in html
    assert 'hx-swap-oob="outerHTML"' in html


def test_page_reads_well_for_screen_readers(mara):
    html = mara.get(PEOPLE).content.decode()
    assert "<caption" in html and 'data-pc-announce="5 records"' in html
    assert html.count('scope="col"') == 6
    assert 'data-label="Created (GMT+08:00)"' in html
    assert " style=" not in html and " onclick=" not in html


def test_user_text_is_escaped(mara, cast):
    User.objects.filter(pk=cast.felix.pk).update(name="<script>alert(1)</script>")
    html = mara.get(f"{PEOPLE}?q=<script>").content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("20", "100"), "20 – 100"),
        (("5", "5"), "5"),
        (("20", ""), "from 20"),
        (("", "9"), "up to 9"),
    ],
)
def test_a_range_is_told_in_its_order(given: tuple[str, str], words: str) -> None:
    class Form(forms.Form):
        spent = AmountRangeFilter().field

    form = Form({"spent_min": given[0], "spent_max": given[1]})
    assert value_words(form["spent"]) == words


# --- Export ---------------------------------------------------------------------------------


@pytest.mark.requirement("05-EXP-01")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_export_creates_a_task_of_what_the_list_shows(mara, cast, headers):
    mara.post(PEOPLE, {"columns": "save", "column": ["status"]})
    answer = mara.post(f"{PEOPLE}?status=normal", {"export": "csv"}, headers=headers)
    task = ExportTask.objects.get()
    assert task.params == {"query": "status=normal", "columns": ["name", "status"]}
    assert (task.title, task.description) == ("People", "Status: Normal")
    assert (task.account, task.created_by, task.status) == (cast.tidemark, cast.mara, "waiting")
    if headers:
        notice = answer.content.decode().split("Export task created")[1].split("</div>")[0]
        assert f'<a href="{reverse("exports:history")}">' in notice, "05-EXP-02"
    else:
        assert [str(m) for m in get_messages(answer.wsgi_request)] == ["Export task created"]


@pytest.mark.requirement("05-EXP-03", "05-EXP-04")
def test_each_page_names_its_history_and_its_message(mara, monkeypatch):
    monkeypatch.setattr(PeopleListView, "history_label", "View Export")
    monkeypatch.setattr(PeopleListView, "export_message", "Records exported successfully")
    page = mara.get(PEOPLE).content.decode()
    assert f'<a href="{reverse("exports:history")}">View Export</a>' in page
    answer = mara.post(PEOPLE, {"export": "csv"})
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["Records exported successfully"]


def test_export_of_ticked_rows_names_them(mara, cast):
    mara.post(PEOPLE, {"export": "xlsx", "ids": [cast.felix.pk, cast.nora.pk]})
    assert ExportTask.objects.get().params["ids"] == [str(cast.felix.pk)]


def test_export_needs_its_permission(client, cast):
    client.force_login(cast.ivy)
    assert 'name="export"' not in client.get(PEOPLE).content.decode()
    assert client.post(PEOPLE, {"export": "csv"}).status_code == 403
    assert not ExportTask.objects.exists()


# --- The house's own lists ------------------------------------------------------------------


def _all_lists() -> list[type[PortalListView]]:
    found, waiting = [], [PortalListView]
    while waiting:
        known = waiting.pop().__subclasses__()
        waiting += known
        found += [view for view in known if hasattr(view, "list_name")]
    return found


def test_list_names_are_unique():
    views = {view.list_name: view for view in _all_lists()}
    assert len(views) == len(_all_lists())


def test_heads_stand_over_their_cells(cast):
    actor = cast.actor(cast.mara)
    for view in _all_lists():
        heads = list(columns_of(view.table_class))
        cells = view.table_class([], visible=heads, actor=actor).columns.names()
        assert heads == list(cells), view


def test_every_list_sorts_by_each_sortable_column(cast):
    # Holds every permission, also those of other audiences.
    PartnerTerms.objects.create(account=cast.tidemark, may_upload_certificates=True)
    mara, dina, hana = (
        replace(cast.actor(user), is_system=True) for user in (cast.mara, cast.dina, cast.hana)
    )
    for view in _all_lists():
        actor = dina if "reseller" in f"{view.__module__} {view.list_name}" else mara
        if view.list_name in below.OF_HARBORLINE:
            actor = hana
        definition = view.definition()
        if view.below:
            keys = below.keys_of(view.list_name, cast)
            definition = replace(definition, queryset=partial(definition.queryset, **keys))
        for name, column in columns_of(definition.table_class).items():
            if column.orderable is not False:
                _sorts(definition, actor, name)


def _sorts(definition, actor, name: str) -> None:
    for sort in (name, f"-{name}"):
        listing = Listing(definition, actor, QueryDict(f"sort={sort}"), [name])
        assert not listing.notes
        list(listing.rows(0, 1))
