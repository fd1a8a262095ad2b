"""The frame of every page: menus, theme, phone bar, notes, error pages."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import User
from partner_center import faults, navigation, widgets
from partner_center.actors import Actor
from partner_center.context import Frame
from partner_center.permissions import Audience
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def some_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two areas of real pages, in place of what the apps added."""
    monkeypatch.setattr(navigation, "_areas", {})
    navigation.add_area("home", "Home", order=0, side_menu=False)
    navigation.add_entry("home", "Home", "home", "x.see")
    navigation.add_area("sales", "Sales", order=20)
    navigation.add_entry("sales", "Customers", "style", "x.see", group="Customers", order=1)
    navigation.add_entry("sales", "Bills", "style-dialog", "x.bills", group="Money", order=2)
    navigation.add_entry("sales", "Funds", "style-drawer", "x.see", group="Money", order=3)


def _request(path: str, *codes: str, audience: Audience = Audience.PARTNER) -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor = Actor(  # type: ignore[attr-defined]
        1, "Tidemark Cloud", audience, name="m.velasco", permissions=frozenset(codes)
    )
    request.htmx = False  # type: ignore[attr-defined]
    request.user = SimpleNamespace(theme="dark", account=SimpleNamespace(title="Tidemark Cloud"))  # type: ignore[assignment]
    return request


def _page(request: HttpRequest) -> str:
    template = "{% extends 'portal/list.html' %}{% block list %}the list{% endblock %}"
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    messages.success(request, "It worked")
    messages.error(request, "It did not")
    return engines["django"].from_string(template).render({"title": "Customers"}, request)


@pytest.mark.usefixtures("some_areas")
def test_menus_show_only_what_the_actor_may_enter() -> None:
    html = _page(_request("/operator/style", "x.see"))
    assert "Funds" in html
    assert "Bills" not in html


@pytest.mark.usefixtures("some_areas")
def test_an_area_without_any_open_entry_is_not_shown() -> None:
    frame = Frame(_request("/operator/style", "x.bills"))
    assert [area.key for area, _entries in frame.areas] == ["sales"]


@pytest.mark.usefixtures("some_areas")
def test_a_page_belongs_to_the_entry_whose_address_its_own_begins_with_longest() -> None:
    frame = Frame(_request("/operator/style/drawer/42", "x.see"))
    assert frame.entry is not None
    assert frame.entry.label == "Funds"
    assert frame.area is not None
    assert frame.area.key == "sales"


@pytest.mark.usefixtures("some_areas")
def test_groups_stay_folded_as_the_user_left_them_but_the_current_one_is_open() -> None:
    request = _request("/operator/style/drawer", "x.see")
    request.COOKIES["pc_menu_closed"] = "Customers%7CMoney"
    states = {group.label: group.open for group in Frame(request).groups}
    assert states == {"Customers": False, "Money": True}


@pytest.mark.usefixtures("some_areas")
def test_the_stored_theme_is_printed_on_the_root_element() -> None:
    assert re.search(r'<html[^>]*data-bs-theme="dark"', _page(_request("/", "x.see")))


def test_an_unknown_theme_follows_the_system() -> None:
    request = _request("/")
    request.user = SimpleNamespace(theme="purple")  # type: ignore[assignment]
    assert Frame(request).theme_attribute == "auto"


@pytest.mark.usefixtures("some_areas")
def test_a_success_is_a_toast_and_a_refusal_stays_on_the_page() -> None:
    html = _page(_request("/operator/style", "x.see"))
    toasts = html[html.index('class="pc-toasts"') :]
    assert "It worked" in toasts
    assert "It did not" not in toasts
    assert "It did not" in html[: html.index('class="pc-toasts"')]


@pytest.mark.usefixtures("some_areas")
def test_nothing_dead_is_linked() -> None:
    html = _page(_request("/operator/style", "x.see"))
    assert "data-pc-search" not in html  # there is no search page
    assert 'href=""' not in html


@pytest.mark.usefixtures("some_areas")
def test_the_page_has_one_h1_landmarks_and_a_skip_link() -> None:
    html = _page(_request("/operator/style", "x.see"))
    assert html.count("<h1") == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert html.count('aria-current="page"') >= 2  # side menu and breadcrumb


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="4 letters", min_length=4)
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A")], widget=widgets.RadioCards(hints={"a": "The first"})
    )


def test_a_field_names_its_hint_and_error_and_keeps_what_was_typed() -> None:
    html = str(_Form({"name": "ab<", "kind": "a"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'value="ab&lt;"' in html
    assert 'aria-invalid="true"' in html


def test_required_fields_carry_a_star_and_others_say_optional() -> None:
    html = str(_Form())
    assert html.count("pc-required") == 2
    assert html.count("pc-optional") == 1


def test_a_choice_that_needs_a_sentence_is_a_card() -> None:
    assert "The first" in str(_Form())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1500.00", "1500.00"),
        ("1,500.00", "1500.00"),
        (" $1,500.00 USD ", "1500.00"),
        ("1,50", "1,50"),
        ("1.500,00", "1.500,00"),
        ("12 EUR", "12 EUR"),
        ("", ""),
    ],
)
def test_an_amount_is_typed_as_pages_print_it(typed: str, read: str) -> None:
    field = widgets.AmountInput()
    assert field.value_from_datadict({"amount": typed}, {}, "amount") == read


def test_the_summary_of_a_refused_form_links_to_its_fields(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    fresh = client.get("/operator/style/dialog").content.decode()
    refused = client.post("/operator/style/dialog", {}).content.decode()
    assert 'href="#id_reason"' in refused
    assert 'id="id_reason"' in refused
    assert "data-pc-error-summary" not in fresh


def test_a_missing_page_says_the_same_words_as_a_foreign_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.mara)
    missing = client.get("/no/such/page")
    foreign = client.get("/operator/style")  # exists, but not for a partner
    assert missing.status_code == foreign.status_code == 404
    words = re.compile(r"<main.*</main>", re.S)
    strip = re.compile(r"<p class=\"pc-foot\">.*?</p>", re.S)
    assert strip.sub("", words.findall(missing.content.decode())[0]) == strip.sub(
        "", words.findall(foreign.content.decode())[0]
    )


def test_a_fault_gives_its_reference_and_says_what_is_safe() -> None:
    request = RequestFactory().get("/")
    request.request_id = "7f3a22c1" + "0" * 24  # type: ignore[attr-defined]
    response = faults.server_error(request)
    assert response.status_code == 500
    assert b"PC-7F3A-22C1" in response.content
    assert b"Nothing was charged or changed" in response.content


def test_pages_of_errors_render_without_any_context() -> None:
    for name in ("400.html", "403_csrf.html", "500.html"):
        assert "<main" in render_to_string(name)


def test_a_change_sent_by_htmx_moves_the_whole_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    sent = {"reason": "Contract ended", "verification_code": "123456"}
    moved = client.post("/operator/style/dialog", sent, headers={"HX-Request": "true"})
    assert moved.headers["HX-Redirect"] == "/operator/style"
    plain = client.post("/operator/style/dialog", sent)
    assert plain.status_code == 302


def test_a_refused_dialog_comes_back_with_its_errors_and_without_the_frame(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.olga)
    refused = client.post(
        "/operator/style/dialog", {"reason": "Because"}, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 422
    assert b"Because" in refused.content
    assert b"<html" not in refused.content
    whole = client.post("/operator/style/dialog", {"reason": "Because"})
    assert whole.status_code == 422
    assert b"<html" in whole.content


def test_the_style_page_is_for_operator_staff_with_the_permission(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.olga)
    assert client.get("/operator/style").status_code == 200
    client.force_login(User.objects.get(pk=cast.hana.pk))
    assert client.get("/operator/style").status_code == 404
