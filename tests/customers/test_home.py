"""What customers and their partners find on the home page: what waits for their answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from customers.choices import Side
from customers.services import disassociation

from ..cast import Cast
from .authorizing import agree, association_of, request
from .leaving import RECORDS, asked, client_of, partner_asks

pytestmark = pytest.mark.django_db


def _todos(user: User) -> dict[str, str]:
    """Words and address of every to-do."""
    todos = client_of(user).get(reverse("home")).context["todos"]
    return {str(todo.words): todo.link.url for todo in todos}


@pytest.mark.requirement("04-ASC-07", "04-ASC-08")
def test_a_partner_sees_how_many_customers_wait_for_its_answer(cast: Cast) -> None:
    words = "2 requests of customers wait for your answer"
    assert words not in _todos(cast.mara)
    asked(association_of(cast.harborline), Side.CUSTOMER)
    asked(association_of(cast.delta), Side.CUSTOMER)
    assert _todos(cast.mara)[words] == f"{RECORDS}?view=open"
    assert words not in _todos(cast.felix), "who may not answer is not asked"


@pytest.mark.requirement("08-CSD-14", "08-AUT-04")
def test_a_customer_sees_what_its_partner_asks(cast: Cast) -> None:
    leaving = "Tidemark Cloud asks you to agree to a disassociation"
    acting = "Tidemark Cloud asks for your authorization"
    cast.tidemark.full_name = "Tidemark Cloud"
    cast.tidemark.save(update_fields=["full_name"])
    authorization = request(cast, cast.mara, association_of(cast.harborline))
    waiting = partner_asks(cast)
    todos = _todos(cast.hana)
    assert todos[leaving] == reverse("my_partner:page")
    assert todos[acting] == reverse("authorizations:list")
    agree(cast, cast.hana, authorization)
    disassociation.withdraw_by_partner(cast.actor(cast.mara), waiting.pk)
    assert not {leaving, acting} & set(_todos(cast.hana))
