"""The Outbox page of the demo: a newcomer finds every code there; elsewhere it does not exist."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import outbox.services
from partner_center import clock
from tests.cast import Cast

PAGE = reverse("outbox:demo")


@pytest.fixture
def messages(db: None) -> None:
    code = {"minutes": 10, "operation": "", "code": "111111"}
    outbox.services.queue_email("verification_code", "first@new.example", code)
    outbox.services.queue_sms("verification_code", "+639175552291", code | {"code": "222222"})


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO_MODE = True


@pytest.mark.usefixtures("messages", "demo")
def test_everybody_finds_mail_and_sms_newest_first() -> None:
    text = Client().get(PAGE).content.decode()
    assert text.index("222222") < text.index("111111")
    assert "+639175552291" in text
    assert "first@new.example" in text


@pytest.mark.usefixtures("messages", "demo")
def test_search_by_address() -> None:
    text = Client().get(PAGE, {"q": "FIRST@new"}).content.decode()
    assert "111111" in text
    assert "222222" not in text
    assert "No message matches" in Client().get(PAGE, {"q": "zebra\0"}).content.decode()


@pytest.mark.usefixtures("demo")
def test_links_can_be_followed_and_markup_is_shown_as_text(db: None) -> None:
    outbox.models.Delivery.objects.create(
        channel="email",
        target="x@new.example",
        template="test",
        subject="<b>Subject</b>",
        body="Go to https://portal.example/path?a=1 <script>alert(1)</script>",
        queued_at=clock.now(),
        due_at=clock.now(),
    )
    text = Client().get(PAGE).content.decode()
    assert '<a href="https://portal.example/path?a=1"' in text
    assert "<script>alert" not in text
    assert "<b>Subject" not in text


@pytest.mark.usefixtures("messages")
def test_real_installation_has_no_such_page() -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 404
    assert b"222222" not in answer.content


@pytest.mark.usefixtures("messages", "demo")
def test_htmx_gets_the_list_only() -> None:
    text = Client().get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert "222222" in text


@pytest.mark.django_db
def test_pages_lead_a_newcomer_there_in_the_demo_only(settings: Settings, cast: Cast) -> None:
    signed_in = Client()
    signed_in.force_login(cast.mara)
    for client, address in ((Client(), "/register"), (signed_in, "/")):
        settings.DEMO_MODE = True
        assert f'href="{PAGE}"' in client.get(address).content.decode()
        settings.DEMO_MODE = False
        assert PAGE not in client.get(address).content.decode()
