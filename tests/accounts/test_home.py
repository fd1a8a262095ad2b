"""The home pages: true figures, each a link, for each kind of account."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, CustomerContact, User
from outbox.models import Delivery
from partner_center import clock

from ..cast import Cast

pytestmark = pytest.mark.django_db


def _home(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("home"))


def _figures(answer: Any) -> dict[str, int]:
    return {
        f"{card.title}: {figure.label}": figure.value
        for card in answer.context["cards"]
        for figure in card.figures
    }


def test_a_partner_sees_its_members_and_what_waits(cast: Cast) -> None:
    User.objects.filter(pk=cast.ivy.pk).update(status="locked")
    answer = _home(cast.mara)
    figures = _figures(answer)
    page = answer.content.decode()
    assert page.index("<h2>Amount Due</h2>") < page.index("<h2>To do</h2>"), "on a phone as well"
    assert figures["Organization: Members"] == 4
    assert figures["Organization: Locked"] == 1
    words = [str(todo.words) for todo in answer.context["todos"]]
    assert words == [
        "Complete your company information",
        "No customer contact yet",
        "Verify It’s You is off",
    ]


def test_what_is_done_waits_no_more(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(
        address_line1="1 Pier Road", contact_name="Mara", verifies=True
    )
    CustomerContact.objects.create(
        account=cast.tidemark,
        name="Help",
        mobile="+639175550000",
        email="help@tidemark.example",
        created_at=clock.now(),
    )
    answer = _home(cast.mara)
    assert answer.context["todos"] == []
    assert "Nothing waits for you." in answer.content.decode()


def test_every_figure_and_todo_leads_to_an_existing_page(cast: Cast) -> None:
    for user in (cast.mara, cast.olga, cast.hana, cast.leo, cast.ivy):
        client = Client()
        client.force_login(user)
        context = client.get(reverse("home")).context
        links = [figure.link for card in context["cards"] for figure in card.figures]
        for link in links + [todo.link for todo in context["todos"]]:
            assert client.get(link.url).status_code == 200, (user.username, link)


def test_a_member_sees_no_figure_of_pages_it_may_not_open(cast: Cast) -> None:
    figures = _figures(_home(cast.felix))
    assert not [label for label in figures if label.startswith("Organization")]
    assert _home(cast.felix).context["todos"] == []


def test_the_operator_sees_accounts_by_kind_and_what_is_unsent(cast: Cast) -> None:
    moment = clock.now()
    for state in ("queued", "failed", "failed", "sent"):
        Delivery.objects.create(
            channel="email",
            target="a@b.example",
            template="t",
            body="x",
            state=state,
            queued_at=moment,
            due_at=moment,
        )
    figures = _figures(_home(cast.olga))
    assert figures["Accounts: Cloud solution provider"] == 2
    assert figures["Accounts: Distributor"] == 1
    assert figures["Accounts: Customers and new accounts"] == 3
    assert figures["Accounts: Suspended"] == 0
    assert (figures["Emails and SMS: Waiting"], figures["Emails and SMS: Failed"]) == (1, 2)
    assert "Audit trail: Sealed records" in figures


def test_figures_are_the_accounts_own(cast: Cast) -> None:
    assert _figures(_home(cast.nora))["Organization: Members"] == 0
    assert "Accounts: Distributor" not in _figures(_home(cast.mara))


# A customer's budget is one more.
@pytest.mark.parametrize(("who", "most"), [("mara", 16), ("hana", 17), ("olga", 16)])
def test_home_asks_a_constant_number_of_queries(
    cast: Cast, who: str, most: int, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    client.get(reverse("home"))
    with django_assert_max_num_queries(most):
        client.get(reverse("home"))


def test_a_customer_sees_its_partner(cast: Cast) -> None:
    assert "Tidemark Cloud" in _home(cast.hana).content.decode()
    answer = _home(User.objects.get(account=cast.northgate))
    assert "Tidemark" not in answer.content.decode()
