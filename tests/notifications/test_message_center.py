"""Message Center: reading, marking, deleting, for oneself only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications import queries
from notifications.models import Message
from tests.cast import Cast

from .conftest import Tell


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def message_of(user: User) -> Message:
    return Message.objects.filter(user=user).latest("id")


@pytest.fixture
def two_messages(cast: Cast, tell: Tell) -> None:
    tell(key="first")
    tell(key="second", type="settings_changed")


@pytest.mark.usefixtures("two_messages")
def test_bell_shows_the_number_of_unread_messages(cast: Cast) -> None:
    page = signed_in(cast.mara).get(reverse("notifications:messages"))
    assert "Messages, 2 unread" in page.content.decode()
    assert queries.unread_count(cast.actor(cast.mara)) == 2
    assert queries.unread_count(cast.actor(cast.nora)) == 0


@pytest.mark.usefixtures("two_messages")
def test_category_narrows_the_list(cast: Cast) -> None:
    page = signed_in(cast.mara).get(reverse("notifications:finance"))
    assert [m.notice.key for m in page.context["page"]] == ["first"]


@pytest.mark.usefixtures("two_messages")
def test_opening_shows_it_and_only_the_post_marks_it_read(cast: Cast) -> None:
    client, message = signed_in(cast.mara), message_of(cast.mara)
    page = client.get(message.get_absolute_url())
    assert message.notice.title in page.content.decode()
    message.refresh_from_db()
    assert message.read_at is None
    answer = client.post(reverse("notifications:read", args=[message.pk]))
    assert answer.headers["Location"] == message.get_absolute_url()
    message.refresh_from_db()
    assert message.read_at is not None
    client.post(reverse("notifications:unread", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at is None


@pytest.mark.usefixtures("two_messages")
def test_htmx_gets_the_fragment_and_a_new_bell(cast: Cast) -> None:
    message = message_of(cast.mara)
    answer = signed_in(cast.mara).post(
        reverse("notifications:read", args=[message.pk]), headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="pc-mail"' in text
    assert 'hx-swap-oob="true"' in text
    assert "Messages, 1 unread" in text


@pytest.mark.usefixtures("two_messages")
def test_unread_filter_and_mark_all_as_read(cast: Cast) -> None:
    client = signed_in(cast.mara)
    client.post(reverse("notifications:read-all") + "?category=finance")
    page = client.get(reverse("notifications:messages"), {"unread": "1"})
    assert [m.notice.key for m in page.context["page"]] == ["second"]
    client.post(reverse("notifications:read-all"))
    assert queries.unread_count(cast.actor(cast.mara)) == 0
    assert queries.unread_count(cast.actor(cast.felix)) == 2, "only the user's own"


@pytest.mark.usefixtures("two_messages")
def test_deleting_is_for_oneself(cast: Cast) -> None:
    client, message = signed_in(cast.mara), message_of(cast.mara)
    client.post(reverse("notifications:delete", args=[message.pk]))
    assert client.get(message.get_absolute_url()).status_code == 404
    assert Message.objects.filter(notice=message.notice, user=cast.felix, deleted_at=None).exists()


@pytest.mark.usefixtures("two_messages")
@pytest.mark.parametrize("action", ["read", "unread", "delete"])
def test_a_colleagues_message_is_a_404(cast: Cast, action: str) -> None:
    message = message_of(cast.felix)
    answer = signed_in(cast.mara).post(reverse(f"notifications:{action}", args=[message.pk]))
    assert answer.status_code == 404
    message.refresh_from_db()
    assert (message.read_at, message.deleted_at) == (None, None)


@pytest.mark.usefixtures("two_messages")
def test_recipients_and_states_show_to_those_who_manage_them(cast: Cast, tell: Tell) -> None:
    tell(key="third")
    for user, shown in ((cast.felix, True), (cast.ivy, False)):
        page = signed_in(user).get(message_of(user).get_absolute_url()).content.decode()
        assert ("Recipients and their state" in page) is shown
        assert "also sent by email to 1 recipient" in page


def test_queries_do_not_grow_with_messages(
    cast: Cast, tell: Tell, django_assert_max_num_queries: object
) -> None:
    for number in range(3):
        tell(key=str(number))
    client = signed_in(cast.mara)

    def count() -> int:
        with django_assert_max_num_queries(14) as captured:
            assert client.get(reverse("notifications:messages")).status_code == 200
        return len(captured)

    few = count()
    for number in range(3, 30):
        tell(key=str(number))
    assert count() == few


def test_empty_center_says_what_comes_here(cast: Cast) -> None:
    page = signed_in(cast.hana).get(reverse("notifications:messages"))
    assert "No messages" in page.content.decode()
